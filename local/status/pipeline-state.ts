import type { AlarmStatus } from '../../alarms/alarm-status';
import { onFailurePrefix } from '../../contract/bucket-prefixes';
import { dimensionNamed } from '../../domain/counters/dimensions';
import type { RunStats } from '../../producer/command/run-producer';
import { eventsOf } from '../../report/aggregates-reader';
import { dynamoLogTable } from '../../table/log-table';
import { queryOf } from '../../table/queries';
import { createFollower } from '../../table/view';
import { listObjects } from '../adapters/s3-objects';
import type { OtherStatus, Pipeline } from '../pipeline';
import { createGivenUpCounter } from './given-up';

/**
 * How the pipeline stands. All counts are of events since the state was begun, whoever sent them and however often the
 * pipeline was started since. With nothing under way, `counted + duplicates` is `archived`, but for events on failure and
 * those that the archive has under its error prefix; and `counted` is what `npm run report` adds up to.
 */
export interface PipelineState {
  readonly counted: number;
  /** Events that came once more, if duplicates are told. */
  readonly duplicates: number;
  readonly invalid: number;
  /** Events in the objects of the archive, without those that were rejected. */
  readonly archived: number;
  /** Events of batches that were given up, and wait for their repair. */
  readonly onFailure: number;
  /** Age of the oldest record that was read and is not counted yet. */
  readonly lagMs: number;
  /** Until the next object of the archive is stored, at the latest; undefined while nothing waits for one. */
  readonly nextObjectMs: number | undefined;
  /** Age of the oldest record that should be in the archive; undefined while all is in time. */
  readonly archiveLateMs: number | undefined;
  /** Applications beside the counters and the archive. */
  readonly others: readonly OtherStatus[];
  /** Calls and invocations of this run that failed and were made again. */
  readonly faults: number;
  /** Faults of this run that were injected; undefined if none are to be. */
  readonly injected: number | undefined;
  /** The alarms in ALARM, as the last full minute left them. */
  readonly alarms: readonly AlarmStatus[];
  /** What this run produces itself. */
  readonly producer: ProducerState | undefined;
}

export interface ProducerState extends Pick<RunStats, 'read' | 'accepted' | 'failed' | 'skippedLines'> {
  /** How far an input with an end has been read, from 0 to 1. */
  readonly fraction: number | undefined;
}

/** The on-failure bucket is listed so often at least, since a repair empties it. */
const listAgainMs = 10_000;

/** Reads how a pipeline stands, again and again, at few read units of its table. */
export function createStateReader(
  pipeline: Pipeline,
  now: () => number,
): (producer: ProducerState | undefined) => Promise<PipelineState> {
  const { clients, where } = pipeline;
  const table = dynamoLogTable(clients.dynamodb, where.table);
  const query = queryOf(dimensionNamed('total'), 'day');
  const follower = createFollower([query], { table, now: Date.now });
  const bucket = where.buckets.onFailure;
  const countGivenUp =
    bucket === undefined
      ? async () => 0
      : createGivenUpCounter(() => listObjects(clients.s3, bucket, onFailurePrefix));
  let givenUp = { events: 0, discarded: 0, listedAt: Number.NEGATIVE_INFINITY };

  return async (producer) => {
    const { aggregator, archive, others, nextObjectMs, isArchiveLate, faults, alarms, injected } =
      pipeline.status();
    const { items } = await follower.refresh();
    if (aggregator.discarded !== givenUp.discarded || now() - givenUp.listedAt >= listAgainMs) {
      givenUp = { events: await countGivenUp(), discarded: aggregator.discarded, listedAt: now() };
    }
    return {
      counted: eventsOf(items, 'total'),
      duplicates: eventsOf(items, 'duplicate'),
      invalid: eventsOf(items, 'invalid'),
      archived: archive.archivedEvents,
      onFailure: givenUp.events,
      lagMs: aggregator.lagMs,
      nextObjectMs,
      archiveLateMs: isArchiveLate ? archive.lagMs : undefined,
      others,
      faults,
      alarms,
      injected: injected && Object.values(injected).reduce((sum, count) => sum + count, 0),
      producer,
    };
  };
}
