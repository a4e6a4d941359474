import { createCloudfrontReader } from './cloudfront';
import { readCombined, readCommon, readVhostCombined } from './combined';
import { readJsonAccess } from './json-access';
import type { LineReader } from './line-reader';
import { createNdjsonReader } from './ndjson';

export const inputFormats = [
  'ndjson',
  'combined',
  'vhost_combined',
  'common',
  'json-access',
  'cloudfront',
] as const;
export type InputFormat = (typeof inputFormats)[number];

/** A reader of its own for each file, since a header holds for its file alone. */
const readers: Readonly<Record<InputFormat, (partitionKey?: string) => LineReader>> = {
  'json-access': () => readJsonAccess,
  combined: () => readCombined,
  vhost_combined: () => readVhostCombined,
  cloudfront: createCloudfrontReader,
  common: () => readCommon,
  ndjson: (partitionKey) => createNdjsonReader(partitionKey),
};

export function createLineReader({
  format,
  partitionKey,
}: {
  readonly format: InputFormat;
  /** The member of an NDJSON object that keys it. @default `visitorId` */
  readonly partitionKey: string | undefined;
}): LineReader {
  return readers[format](partitionKey);
}

/** The format that reads most of these lines, if one reads any. */
export function formatOf(lines: readonly Buffer[]): InputFormat | undefined {
  let found: InputFormat | undefined;
  let most = 0;
  for (const [format, create] of Object.entries(readers) as [InputFormat, () => LineReader][]) {
    const read = create();
    // NDJSON takes any object, also of logs that no format reads.
    const candidates = format === 'ndjson' ? lines.filter((line) => line.includes('"eventId"')) : lines;
    const events = candidates.filter((line, index) => read(line, { file: 1, line: index + 1 })?.ok).length;
    if (events > most) [found, most] = [format, events];
  }
  return found;
}
