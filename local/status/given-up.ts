import { linesOf } from '../../domain/event/shard-lines';
import { isObject, numberIn, objectIn, parseObject, textIn } from '../../domain/json/json-object';

/** An on-failure object as it is listed. */
export interface ListedObject {
  readonly key: string;
  body(): Promise<Buffer>;
}

/**
 * Counts the events in the on-failure objects that wait for their repair. An object is read once only, however often
 * it is asked; those that have gone count no more.
 */
export function createGivenUpCounter(list: () => AsyncIterable<ListedObject>): () => Promise<number> {
  const known = new Map<string, number>();
  return async () => {
    const listed = new Set<string>();
    for await (const { key, body } of list()) {
      listed.add(key);
      if (!known.has(key)) known.set(key, eventsIn(await body()));
    }
    let sum = 0;
    for (const [key, events] of known) {
      if (listed.has(key)) sum += events;
      else known.delete(key);
    }
    return sum;
  };
}

/** Of an object that somebody else has put there, none. */
function eventsIn(body: Buffer): number {
  const event = parseObject(textIn(parseObject(body.toString()), 'payload') ?? '');
  const records = Array.isArray(event?.Records) ? event.Records : [];
  let events = 0;
  for (const record of records) {
    const kinesis = isObject(record) ? objectIn(record, 'kinesis') : undefined;
    const data = textIn(kinesis, 'data');
    const sequenceNumber = textIn(kinesis, 'sequenceNumber');
    const arrived = numberIn(kinesis, 'approximateArrivalTimestamp');
    if (data === undefined || sequenceNumber === undefined || arrived === undefined) continue;
    const bytes = Buffer.from(data, 'base64');
    for (const _ of linesOf([{ sequenceNumber, data: bytes, arrivedAt: arrived * 1000 }])) events++;
  }
  return events;
}
