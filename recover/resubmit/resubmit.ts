import { SetupError } from '../../cli/setup-error';
import { archivePrefix, errorPrefix } from '../../contract/bucket-prefixes';
import { readArchivedLine } from '../../domain/archive/archived-line';
import { linesIn } from '../../domain/archive/lines-in';
import type { Reading } from '../../domain/event/record';
import { type OutgoingEvent, partitionKeyOf } from '../../producer/client/outgoing-event';
import { type PutRecordsClient, putRecords } from '../../producer/client/put-records';
import { placeId } from '../../reconcile/archive-contents';
import type { ObjectStore } from '../objects/object-store';
import { type RequestOutcome, type Resubmitted, readAttempts, writeIntent, writeOutcome } from './attempts';

export interface ResubmitRequest {
  /** Of an object of the archive. */
  readonly key: string;
  readonly dryRun: boolean;
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

/** What became of an object's rejected lines. */
export interface Resubmission {
  readonly key: string;
  /** Rejected lines, each place once. */
  readonly lines: number;
  /** Sent by this run; in a dry run, what it would send. */
  readonly sent: number;
  readonly places: readonly Resubmitted[];
  readonly sentBefore: number;
  /** Places of lines that may be in the stream or not. They are never sent again. */
  readonly inDoubt: readonly string[];
  /** Lines that stay, by the reason. */
  readonly left: Readonly<Record<string, number>>;
  /** Why the run ended before all was sent. */
  readonly fault: string | undefined;
}

/** A rejected line that the parser takes by now. */
interface OpenLine {
  readonly from: string;
  readonly event: OutgoingEvent;
}

/** AWS docs: PutRecords takes 500 records, and as much as the smallest stream's limit of 5 MiB. */
const recordsPerRequest = 500;
const bytesPerRequest = 4 * 1024 * 1024;

const throttledWaitsMs = [200, 400, 800, 1_600, 3_200, 6_400, 12_800] as const;

/**
 * Sends rejected lines of an object of the archive into the stream that the parser takes by now, each as a record of its
 * own, and once at the most, in however many objects it stands. What a request is to send is on record before it goes; a
 * line of a request without an answer stays in doubt for ever.
 */
export async function resubmit(
  { key, dryRun }: ResubmitRequest,
  ports: ResubmitPorts,
): Promise<Resubmission> {
  const { archive } = ports;
  if (!key.startsWith(archivePrefix)) throw new SetupError(notResubmittable(key));
  const body = await archive.get(key);
  if (body === undefined)
    throw new SetupError(`there is no object ${key}; "recover list" has those there are`);
  const before = await readAttempts(archive);
  const left = new Map<string, number>();
  const open: OpenLine[] = [];
  const [seen, doubtful] = [new Set<string>(), new Set<string>()];
  let sentBefore = 0;
  for (const bytes of linesIn(body)) {
    const line = readArchivedLine(bytes);
    if (line?.rejected === undefined) continue;
    const from = placeId(line.place);
    if (seen.has(from)) continue;
    seen.add(from);
    const reading = line.read(ports.now());
    if (before.sent.has(from)) sentBefore++;
    else if (before.inDoubt.has(from)) doubtful.add(from);
    else if (reading.ok) open.push({ from, event: outgoing(reading) });
    else {
      const reason = `still rejected: ${reading.reason}`;
      left.set(reason, (left.get(reason) ?? 0) + 1);
    }
  }
  const run = dryRun
    ? { places: [], inDoubt: [], fault: undefined }
    : await sendAll(open, before.requests, ports);
  return {
    key,
    lines: seen.size,
    sent: dryRun ? open.length : run.places.length,
    places: run.places,
    sentBefore,
    inDoubt: [...doubtful, ...run.inDoubt],
    left: Object.fromEntries(left),
    fault: run.fault,
  };
}

function notResubmittable(key: string): string {
  let advice = `allowed: one below ${archivePrefix}, as "recover list" names it`;
  if (key.startsWith('aws/lambda/'))
    advice =
      'a batch that the aggregator gave up may be counted in part, and is repaired instead: "recover repair"';
  if (key.startsWith(errorPrefix))
    advice =
      'the aggregator has counted what the transformer failed at: "recover backfill" brings it into the archive';
  return `"${key}" has no rejected lines: ${advice}`;
}

interface Run {
  readonly places: readonly Resubmitted[];
  readonly inDoubt: readonly string[];
  readonly fault: string | undefined;
}

async function sendAll(open: readonly OpenLine[], requests: number, ports: ResubmitPorts): Promise<Run> {
  const places: Resubmitted[] = [];
  const inDoubt: string[] = [];
  let rest = open;
  let waits = 0;
  for (let request = requests; rest.length > 0; request++) {
    const lines = firstRequest(rest);
    await writeIntent(
      ports.archive,
      request,
      lines.map(({ from }) => from),
    );
    const { outcome, fault, isThrottled } = await send(lines, ports);
    await writeOutcome(ports.archive, request, outcome);
    for (const place of outcome.sent) places.push(place);
    for (const line of outcome.inDoubt) inDoubt.push(line);
    const done = new Set([...outcome.sent.map(({ from }) => from), ...outcome.inDoubt]);
    rest = rest.filter(({ from }) => !done.has(from));
    if (fault !== undefined) return { places, inDoubt, fault };
    const wait = throttledWaitsMs[isThrottled ? waits++ : 0];
    if (wait === undefined) return { places, inDoubt, fault: 'the stream takes no more for now' };
    if (isThrottled) await ports.sleep(wait);
    else waits = 0;
  }
  return { places, inDoubt, fault: undefined };
}

function firstRequest(lines: readonly OpenLine[]): readonly OpenLine[] {
  let bytes = 0;
  const end = lines.findIndex(({ event }, count) => {
    bytes += event.data.length + 256;
    return count === recordsPerRequest || (count > 0 && bytes > bytesPerRequest);
  });
  return end === -1 ? lines : lines.slice(0, end);
}

interface Sent {
  readonly outcome: RequestOutcome;
  readonly fault?: string;
  readonly isThrottled: boolean;
}

async function send(lines: readonly OpenLine[], { client, streamName }: ResubmitPorts): Promise<Sent> {
  const result = await putRecords(
    client,
    streamName,
    lines.map(({ event }) => event),
  );
  const nothing: RequestOutcome = { sent: [], inDoubt: [] };
  switch (result.kind) {
    case 'unreachable':
    case 'refused':
      return { outcome: nothing, fault: `${result.error.name}: ${result.error.message}`, isThrottled: false };
    case 'retry':
      if (!result.mayHaveArrived) return { outcome: nothing, isThrottled: true };
      return { outcome: { sent: [], inDoubt: lines.map(({ from }) => from) }, isThrottled: false };
    case 'answered': {
      const sent: Resubmitted[] = [];
      const inDoubt: string[] = [];
      let isThrottled = false;
      for (const [index, entry] of result.entries.entries()) {
        const { from } = lines[index]!;
        if (entry.ok) sent.push({ from, shardId: entry.shardId, sequenceNumber: entry.sequenceNumber });
        else if (entry.code === 'ProvisionedThroughputExceededException') isThrottled = true;
        // An internal failure may come after the record was stored.
        else inDoubt.push(from);
      }
      return { outcome: { sent, inDoubt }, isThrottled };
    }
  }
}

/** Keyed by its visitor, as the producer keys events. */
function outgoing(click: Reading & { readonly ok: true }): OutgoingEvent {
  const data = Buffer.from(click.bytes);
  return { data, partitionKey: partitionKeyOf(click.event.visitorId, data) };
}
