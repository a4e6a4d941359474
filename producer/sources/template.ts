import { type Random, seededRandom } from '../../domain/numbers/random';
import type { Outgoing } from '../../formats/line-reader';
import { keyText } from '../../formats/ndjson';
import { partitionKeyOf } from '../client/outgoing-event';
import { type Maker, placeholders } from './template-placeholders';

/** Makes an event that happens at `at` (epoch milliseconds); the random numbers are its own. */
export type Template = (random: Random, at: number) => Outgoing;

export type TemplateReading =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly problem: string };

type Part = string | { readonly make: Maker; readonly inText: boolean };

const name = /\{\{\s*([\w.]+)\s*/y;
const end = /\s*\}\}/y;
const probes = 32;
const longestShown = 120;

class Problem extends Error {}

/**
 * Reads a template as the Kinesis Data Generator takes it: JSON in which `{{name}}` and `{{name(arguments)}}`, the
 * arguments in JSON, stand for values. Within a JSON text a value is escaped; elsewhere it is put in as it is. Blanks
 * between the JSON's parts are left out, so that an event is one line.
 *
 * @param keyField the member of the object that keys the event; undefined: `visitorId`, if there is one
 */
export function compileTemplate(text: string, keyField?: string): TemplateReading {
  try {
    const parts = parse(text.trim());
    for (let i = 0; i < probes; i++) check(render(parts, seededRandom(`probe ${i}`), 0), keyField);
    return { ok: true, template: (random, at) => outgoing(render(parts, random, at), keyField) };
  } catch (error) {
    if (error instanceof Problem) return { ok: false, problem: error.message };
    throw error;
  }
}

function parse(text: string): readonly Part[] {
  const parts: Part[] = [];
  let literal = '';
  let inText = false;
  for (let at = 0; at < text.length; ) {
    if (text.startsWith('{{', at)) {
      const placeholder = parsePlaceholder(text, at);
      parts.push(literal, { make: placeholder.make, inText });
      literal = '';
      at = placeholder.end;
      continue;
    }
    const character = text[at]!;
    // An escaped quote does not end a text; an escape never stands before a placeholder.
    const length = inText && character === '\\' ? 2 : 1;
    if (character === '"') inText = !inText;
    if (inText || !/\s/.test(character)) literal += text.slice(at, at + length);
    at += length;
  }
  return [...parts, literal];
}

function parsePlaceholder(text: string, start: number): { readonly make: Maker; readonly end: number } {
  // Made for a problem alone: for each placeholder it would take time by the square of the template.
  const shown = () => shortened(text.slice(start));
  name.lastIndex = start;
  const named = name.exec(text);
  if (!named) throw new Problem(`${shown()} is no placeholder; allowed: {{name}} or {{name(arguments)}}`);
  const argumentsEnd = skipArguments(text, name.lastIndex);
  const inside = text.slice(name.lastIndex + 1, Math.max(name.lastIndex, argumentsEnd - 1));
  end.lastIndex = argumentsEnd;
  if (!end.test(text)) throw new Problem(`${shown()} does not end with }}`);

  const placeholder = Object.hasOwn(placeholders, named[1]!) ? placeholders[named[1]!] : undefined;
  if (!placeholder) {
    throw new Problem(`{{${named[1]}}} is not known; allowed: ${Object.keys(placeholders).join(', ')}`);
  }
  const make = placeholder.compile(parseArguments(inside, shown));
  if (!make) throw new Problem(`${shown()} is not how to write it; allowed: ${placeholder.usage.join(', ')}`);
  if (typeof make === 'string') throw new Problem(`${shown()}: ${make}`);
  return { make, end: end.lastIndex };
}

/** The place after the closing parenthesis; the same place if there is no opening one. */
function skipArguments(text: string, start: number): number {
  if (text[start] !== '(') return start;
  let inText = false;
  for (let at = start + 1; at < text.length; at++) {
    if (inText && text[at] === '\\') at++;
    else if (text[at] === '"') inText = !inText;
    else if (!inText && text[at] === ')') return at + 1;
  }
  return text.length;
}

function parseArguments(text: string, shown: () => string): readonly unknown[] {
  try {
    return JSON.parse(`[${text}]`) as unknown[];
  } catch {
    throw new Problem(`${shown()} has arguments that are not JSON: texts and names stand in double quotes`);
  }
}

function render(parts: readonly Part[], random: Random, at: number): string {
  let text = '';
  for (const part of parts) {
    if (typeof part === 'string') {
      text += part;
    } else {
      const value = part.make(random, at);
      const plain = typeof value === 'string' ? value : JSON.stringify(value);
      text += part.inText ? JSON.stringify(plain).slice(1, -1) : plain;
    }
  }
  return text;
}

function check(rendered: string, keyField: string | undefined): void {
  let value: unknown;
  try {
    value = JSON.parse(rendered);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Problem(
      `what it makes is not JSON (${why}): ${shortened(rendered)}; a placeholder for a text stands in double quotes`,
    );
  }
  if (keyField !== undefined && keyText(memberOf(value, keyField)) === undefined) {
    throw new Problem(
      `--partition-key is "${keyField}", and what it makes has no such member with a text or number`,
    );
  }
}

function outgoing(text: string, keyField = 'visitorId'): Outgoing {
  const data = Buffer.from(text);
  return { data, partitionKey: partitionKeyOf(keyText(memberOf(JSON.parse(text), keyField)), data) };
}

function memberOf(value: unknown, field: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[field];
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > longestShown ? `${line.slice(0, longestShown)}…` : line;
}
