import { resolve } from 'node:path';
import type { Place } from '../cli/place';

const standard = '.local';

/** Options by which the commands find a pipeline, as a shell takes them; undefined where they find it without. */
export function optionsFor(place: Place): string | undefined {
  if (place.kind === 'stack') return `--stack ${quoted(place.name)}`;
  return resolve(place.directory) === resolve(standard) ? undefined : `--local ${quoted(place.directory)}`;
}

function quoted(text: string): string {
  return /^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
