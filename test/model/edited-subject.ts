import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import type { StartEnvironment } from './subject';

/** A change of the product's source. */
export interface Edit {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Text that the file holds exactly once. */
  readonly find: string;
  readonly replace: string;
}

const root = join(__dirname, '..', '..');

/**
 * The aggregator built from the product's source with some of it changed, in memory.
 *
 * @throws Error if the text to change is not there exactly once: the source has moved on, and the edit has to follow
 */
export async function editedSubject(edits: readonly Edit[]): Promise<StartEnvironment> {
  const applied = new Set<Edit>();
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, 'subject.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    plugins: [
      {
        name: 'edits',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const file = relative(root, path);
            const ofFile = edits.filter((edit) => edit.file === file);
            for (const edit of ofFile) applied.add(edit);
            return { contents: ofFile.reduce(apply, readFileSync(path, 'utf8')), loader: 'ts' };
          });
        },
      },
    ],
  });
  for (const edit of edits) {
    if (!applied.has(edit)) throw new Error(`${edit.file}: is not part of the aggregator`);
  }
  const subject = { exports: {} as { startEnvironment: StartEnvironment } };
  new Function('module', 'exports', 'require', outputFiles[0]!.text)(subject, subject.exports, require);
  return subject.exports.startEnvironment;
}

function apply(source: string, { file, find, replace }: Edit): string {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`${file}: has "${find}" ${places} times; must be once`);
  return source.replace(find, () => replace);
}

/**
 * Limits so low that a handful of events splits writes and fills items: the model reaches in thousands of schedules
 * what takes hundreds of kilobytes otherwise. One write must fit into an empty item, as it does with the real ones:
 * two values of 223 bytes.
 */
export const lowLimits = { valuesPerWrite: 2, counterBytes: 500 } as const;

export const withLowLimits: readonly Edit[] = [
  {
    file: 'domain/counter-write.ts',
    find: 'maxValuesPerWrite = 250;',
    replace: `maxValuesPerWrite = ${lowLimits.valuesPerWrite};`,
  },
  {
    file: 'domain/counter-item.ts',
    find: 'maxCounterBytes = 300_000 - 1_000;',
    replace: `maxCounterBytes = ${lowLimits.counterBytes};`,
  },
];
