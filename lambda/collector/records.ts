import { type OutgoingEvent, partitionKeyOf } from '../../producer/client/outgoing-event';

/** A line, and whose it is. */
export interface KeyedLine {
  readonly line: Buffer;
  /** Undefined for a line that names nobody. */
  readonly key: string | undefined;
}

const lineFeed = Buffer.from('\n');

/** One record for the lines of each key, in their order, as newline-separated JSON. */
export function recordsOf(lines: readonly KeyedLine[]): readonly OutgoingEvent[] {
  const byKey = new Map<string, Buffer[]>();
  for (const { line, key } of lines) {
    const partitionKey = partitionKeyOf(key, line);
    const others = byKey.get(partitionKey);
    if (others) others.push(lineFeed, line);
    else byKey.set(partitionKey, [line]);
  }
  return [...byKey].map(([partitionKey, parts]) => ({ data: Buffer.concat(parts), partitionKey }));
}
