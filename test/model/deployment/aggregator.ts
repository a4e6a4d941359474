import { uniquesFor } from '../../../domain/visitors/uniques';
import { type Appended, type Appender, createAppender } from '../../../table/append';
import { invocationMs, logDays, retentionDays } from '../settings';
import { Violation } from '../truth/log-truth';
import type { Deployment } from './deployment';
import { type Batch, ModelMapping } from './mapping';
import { type Caller, isKill } from './process';

/** What stays warm between invocations is in here. */
interface Environment {
  readonly caller: Caller;
  readonly appender: Appender;
}

const concurrency = 3;

/** The aggregator in its environments, and the event source mapping that invokes it; now and then there are two. */
export class Aggregator {
  private environments: Environment[];
  private mappings: ModelMapping[];

  constructor(private readonly deployment: Deployment) {
    const { random, stream, onFailure } = deployment;
    this.environments = Array.from({ length: concurrency }, () => this.coldStart());
    this.mappings = [new ModelMapping(random, stream, (shard, records) => onFailure.put(shard, records))];
  }

  /** A mapping invokes the function with its next batch, if it has one, and an environment is free. */
  async invoke(): Promise<void> {
    const { random, scheduler, journal } = this.deployment;
    const mapping = random.pick(this.mappings);
    const free = this.environments.filter(({ caller }) => !caller.process);
    if (free.length === 0) return;
    const batch = mapping.next();
    if (!batch) return;
    let environment = random.pick(free);
    if (random.chance(0.1)) environment = this.replaced(environment);
    const name = `append ${batch.shard.name} records ${batch.from} to ${batch.to - 1}`;
    journal.note(() => `start ${name}`);
    const process = await scheduler.start(
      { name, lifeMs: invocationMs, mayFail: true },
      (started) => {
        environment.caller.process = started;
        batch.process = started;
        return environment.appender.append(batch.shard.name, recordsOf(batch), started.signal);
      },
      (appended, error) => {
        environment.caller.process = undefined;
        journal.note(() => `end ${name}: ${JSON.stringify(appended)} ${error ?? ''}`);
        const isAnswerLost = !appended || random.chance(0.03);
        if (error && !isKill(error)) journal.report(new Violation(`${name}: threw ${error}`));
        if (appended) this.expectCounted(batch, appended);
        mapping.answered(batch, unfinishedOf(batch, appended), isAnswerLost);
        batch.process = undefined;
        if (isKill(error)) this.replaced(environment);
      },
    );
    if (!scheduler.processes.includes(process)) batch.process = undefined;
  }

  /** Works off all that there is, with nothing going wrong. */
  async drain(): Promise<void> {
    for (const mapping of this.mappings) {
      for (let batches = 0; !mapping.isDone; batches++) {
        if (batches > 1_000)
          throw new Violation('the mapping does not come to its end, though nothing fails');
        const batch = mapping.next();
        if (!batch) throw new Error('the mapping waits for an invocation that nobody runs');
        await this.invokeAlone(mapping, batch);
      }
    }
  }

  private async invokeAlone(mapping: ModelMapping, batch: Batch): Promise<void> {
    const { random, scheduler, journal } = this.deployment;
    const { caller, appender } = random.pick(this.environments);
    const appended = await scheduler.alone((process) => {
      caller.process = process;
      return appender.append(batch.shard.name, recordsOf(batch), process.signal);
    });
    caller.process = undefined;
    journal.throwReported();
    if (appended.lowestUnfinished !== undefined) {
      throw new Violation(`${batch.shard.name}: unfinished because of ${appended.unfinishedBecause}`);
    }
    this.expectCounted(batch, appended);
    mapping.answered(batch, undefined, false);
  }

  /** The mapping takes an invocation for failed that still runs: it goes on as a zombie. */
  loseInvocation(): void {
    const { random, journal } = this.deployment;
    if (random.pick(this.mappings).lose()) journal.occurred.zombies++;
  }

  /** Another mapping takes over at positions of before, or goes on beside the first. */
  createMappingAgain(): void {
    const { random, journal, now } = this.deployment;
    journal.occurred.resets++;
    const again = this.mappings[0]!.createdAgain(now());
    journal.note(() => `mapping again at ${JSON.stringify([...again.at])}`);
    this.mappings = random.chance(0.3) && this.mappings.length === 1 ? [again, ...this.mappings] : [again];
  }

  /** How many records of each shard all mappings are done with. */
  positions(): Map<string, number> {
    const shards = [...this.deployment.stream.shards.values()];
    return new Map(
      shards.map((shard) => [shard.name, Math.min(...this.mappings.map((one) => one.positionIn(shard)))]),
    );
  }

  /** New environments, and one mapping, that begins at these positions or before. */
  startAgainAt(positions: ReadonlyMap<string, number>): void {
    const { random, stream, now } = this.deployment;
    this.environments = this.environments.map(() => this.coldStart());
    const mapping = this.mappings[0]!.createdAgain(now());
    for (const name of stream.shards.keys()) {
      const at = positions.get(name) ?? 0;
      mapping.at.set(name, random.chance(0.5) ? at : random.below(at + 1));
    }
    this.mappings = [mapping];
  }

  private coldStart(): Environment {
    const { table, settings, now, newToken } = this.deployment;
    const { limits, deduplicationSeconds, uniqueVisitors } = settings;
    const caller: Caller = { process: undefined };
    const appender = createAppender(
      { table: table.of(caller), now, newToken },
      {
        deduplicationSeconds,
        uniques: uniquesFor(uniqueVisitors),
        minutesForDays: retentionDays.minute,
        logDays,
        limits: limits.delta,
        knownBytes: limits.knownBytes,
      },
    );
    return { caller, appender };
  }

  private replaced(environment: Environment): Environment {
    const cold = this.coldStart();
    this.environments = this.environments.map((one) => (one === environment ? cold : one));
    return cold;
  }

  /** What an invocation says is done stands in the log, or was given up before. */
  private expectCounted(batch: Batch, appended: Appended): void {
    const { truth, onFailure, journal } = this.deployment;
    const { shard, from, to } = batch;
    journal.occurred.refused += appended.refused;
    if (appended.deltas > 1) journal.occurred.cut++;
    journal.occurred.duplicates += appended.duplicates;
    const end = unfinishedOf(batch, appended) ?? to;
    if (end < from || end > to) {
      journal.report(
        new Violation(`${shard.name}: reported ${appended.lowestUnfinished}, which the batch lacks`),
      );
    }
    for (const event of shard.records.slice(from, end).flatMap(({ events }) => events)) {
      if (truth.isCounted(shard.name, event) || onFailure.hold(shard, event)) continue;
      journal.report(
        new Violation(`${shard.name}: event ${event.ordinal} was said to be counted, and is not`),
      );
    }
  }
}

function recordsOf({ shard, from, to }: Batch) {
  return shard.records.slice(from, to);
}

/** The number of the first record that is not counted; undefined if all are, or nobody says. */
function unfinishedOf({ shard, from }: Batch, appended: Appended | undefined): number | undefined {
  const lowest = appended?.lowestUnfinished;
  if (lowest === undefined) return undefined;
  return from + shard.records.slice(from).findIndex(({ sequenceNumber }) => sequenceNumber === lowest);
}
