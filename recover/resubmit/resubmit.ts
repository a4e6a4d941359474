import { SetupError } from '../../cli/setup-error';
import { onFailurePrefix, processingFailedPrefix } from '../../contract/bucket-prefixes';
import { readRecord } from '../../domain/event/record';
import { type OutgoingEvent, partitionKeyOf } from '../../producer/client/outgoing-event';
import { type PutRecordsClient, putRecords } from '../../producer/client/put-records';
import { type ErrorDocument, readErrorObject } from '../objects/error-object';
import type { ObjectStore } from '../objects/object-store';
import { type RequestOutcome, type Resubmitted, readAttempts, writeIntent, writeOutcome } from './attempts';

export interface ResubmitRequest {
  /** Of an error object. */
  readonly key: string;
  readonly dryRun: boolean;
  /** Send also what the aggregator has counted when it came first. */
  readonly countTwice: boolean;
}

export interface ResubmitPorts {
  readonly archive: ObjectStore;
  /** Makes one attempt a request. */
  readonly client: PutRecordsClient;
  readonly streamName: string;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<unknown>;
}

/** What became of an error object's records. */
export interface Resubmission {
  readonly key: string;
  readonly records: number;
  /** Sent by this run; in a dry run, what it would send. */
  readonly sent: number;
  readonly places: readonly Resubmitted[];
  readonly sentBefore: number;
  /** Numbers of records that may be in the stream or not. They are never sent again. */
  readonly inDoubt: readonly number[];
  /** Records that stay, by the reason. */
  readonly left: Readonly<Record<string, number>>;
  /** Why the run ended before all was sent. */
  readonly fault: string | undefined;
}

/** AWS docs: PutRecords takes 500 records, and as much as the smallest stream's limit of 5 MiB. */
const recordsPerRequest = 500;
const bytesPerRequest = 4 * 1024 * 1024;

const throttledWaitsMs = [200, 400, 800, 1_600, 3_200, 6_400, 12_800] as const;

/**
 * Sends the records of an error object into the stream again that the parser takes by now, each once at the most. What a
 * request is to send is on record before it goes; a record of a request without an answer stays in doubt for ever.
 */
export async function resubmit(
  { key, dryRun, countTwice }: ResubmitRequest,
  ports: ResubmitPorts,
): Promise<Resubmission> {
  const { archive } = ports;
  if (!key.startsWith(processingFailedPrefix)) throw new SetupError(notResubmittable(key));
  const body = await archive.get(key);
  if (body === undefined)
    throw new SetupError(`there is no object ${key}; "recover list" has those there are`);
  const documents = readErrorObject(body);
  const before = await readAttempts(archive, key);
  const settled = new Set([...before.sent.map(({ index }) => index), ...before.inDoubt]);
  const left = new Map<string, number>();
  const open: number[] = [];
  for (const [index, document] of documents.entries()) {
    if (settled.has(index)) continue;
    const reason = document.ok ? reasonToStay(document, countTwice, ports.now()) : document.problem;
    if (reason === undefined) open.push(index);
    else left.set(reason, (left.get(reason) ?? 0) + 1);
  }
  const run = dryRun
    ? { places: [], inDoubt: [], fault: undefined }
    : await sendAll(key, open, documents as readonly ErrorDocument[], before.count, ports);
  return {
    key,
    records: documents.length,
    sent: dryRun ? open.length : run.places.length,
    places: run.places,
    sentBefore: before.sent.length,
    inDoubt: [...before.inDoubt, ...run.inDoubt].sort((a, b) => a - b),
    left: Object.fromEntries(left),
    fault: run.fault,
  };
}

function notResubmittable(key: string): string {
  const advice = key.startsWith(onFailurePrefix)
    ? 'a batch that the aggregator gave up may be counted in part, and is repaired instead: "recover repair"'
    : `allowed: one below ${processingFailedPrefix}, as "recover list" names it`;
  return `"${key}" holds no rejected records: ${advice}`;
}

/** Why a record is not sent; undefined if it is. */
function reasonToStay(
  { data, arrivedAt, errorCode }: ErrorDocument,
  countTwice: boolean,
  now: number,
): string | undefined {
  const readings = readRecord(data, now);
  if (!readings.some(({ ok }) => ok)) {
    const [first] = readings;
    return first?.ok === false ? `still rejected: ${first.reason}` : 'still rejected';
  }
  // Anything but the transformer's own verdict is a fault of the transformer, of which the aggregator knows nothing.
  const isCounted =
    errorCode !== 'Lambda.ProcessingFailedStatus' && readRecord(data, arrivedAt).some(({ ok }) => ok);
  return isCounted && !countTwice
    ? `${errorCode}: only the archive lacks it, the aggregator has counted it; --count-twice sends it all the same`
    : undefined;
}

interface Run {
  readonly places: readonly Resubmitted[];
  readonly inDoubt: readonly number[];
  readonly fault: string | undefined;
}

async function sendAll(
  key: string,
  open: readonly number[],
  documents: readonly ErrorDocument[],
  requests: number,
  ports: ResubmitPorts,
): Promise<Run> {
  const places: Resubmitted[] = [];
  const inDoubt: number[] = [];
  let rest = open;
  let waits = 0;
  for (let request = requests; rest.length > 0; request++) {
    const indices = firstRequest(rest, documents);
    await writeIntent(ports.archive, key, request, indices);
    const { outcome, fault, isThrottled } = await send(indices, documents, ports);
    await writeOutcome(ports.archive, key, request, outcome);
    places.push(...outcome.sent);
    inDoubt.push(...outcome.inDoubt);
    const done = new Set([...outcome.sent.map(({ index }) => index), ...outcome.inDoubt]);
    rest = rest.filter((index) => !done.has(index));
    if (fault !== undefined) return { places, inDoubt, fault };
    const wait = throttledWaitsMs[isThrottled ? waits++ : 0];
    if (wait === undefined) return { places, inDoubt, fault: 'the stream takes no more for now' };
    if (isThrottled) await ports.sleep(wait);
    else waits = 0;
  }
  return { places, inDoubt, fault: undefined };
}

function firstRequest(indices: readonly number[], documents: readonly ErrorDocument[]): readonly number[] {
  let bytes = 0;
  const end = indices.findIndex((index, count) => {
    bytes += documents[index]!.data.length + 256;
    return count === recordsPerRequest || (count > 0 && bytes > bytesPerRequest);
  });
  return end === -1 ? indices : indices.slice(0, end);
}

interface Sent {
  readonly outcome: RequestOutcome;
  readonly fault?: string;
  readonly isThrottled: boolean;
}

async function send(
  indices: readonly number[],
  documents: readonly ErrorDocument[],
  { client, streamName, now }: ResubmitPorts,
): Promise<Sent> {
  const records = indices.map((index) => outgoing(documents[index]!, now()));
  const result = await putRecords(client, streamName, records);
  const nothing: RequestOutcome = { sent: [], inDoubt: [] };
  switch (result.kind) {
    case 'unreachable':
    case 'refused':
      return { outcome: nothing, fault: `${result.error.name}: ${result.error.message}`, isThrottled: false };
    case 'retry':
      if (!result.mayHaveArrived) return { outcome: nothing, isThrottled: true };
      return { outcome: { sent: [], inDoubt: indices }, isThrottled: false };
    case 'answered': {
      const sent: Resubmitted[] = [];
      const unsure: number[] = [];
      let isThrottled = false;
      for (const [entry, index] of result.entries.map((entry, i) => [entry, indices[i]!] as const)) {
        if (entry.ok) sent.push({ index, shardId: entry.shardId, sequenceNumber: entry.sequenceNumber });
        else if (entry.code === 'ProvisionedThroughputExceededException') isThrottled = true;
        // An internal failure may come after the record was stored.
        else unsure.push(index);
      }
      return { outcome: { sent, inDoubt: unsure }, isThrottled };
    }
  }
}

/** Keyed by its first visitor, as the producer keys events. */
function outgoing({ data }: ErrorDocument, now: number): OutgoingEvent {
  const click = readRecord(data, now).find((reading) => reading.ok);
  return { data, partitionKey: partitionKeyOf(click?.ok ? click.event.visitorId : undefined, data) };
}
