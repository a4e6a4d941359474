import type { AttributeValue, PutItemCommandInput, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { type Random, seededRandom } from '../../domain/numbers/random';
import type { Appended, Appender } from '../../table/append';
import type { Compactor } from '../../table/compact';
import type { DynamoCalls } from '../../table/dynamo-calls';
import type { View } from '../../table/view';
import { givenUp as onFailureObject } from '../recover/failure-factory';
import { createMemoryBucket } from '../recover/memory-bucket';
import { createMemoryDynamo, type MemoryDynamo } from '../support/memory-dynamo';
import { modelStart } from './deployment/events';
import { type Batch, type GivenUp, ModelMapping } from './deployment/mapping';
import { aggregationSettings, historyOf } from './deployment/recovery';
import { type Caller, callsOf, type Process, Scheduler } from './deployment/scheduler';
import { type ModelEvent, type ModelRecord, type ModelShard, ModelStream } from './deployment/stream';
import {
  commandMs,
  dayMs,
  hourMs,
  invocationMs,
  logDays,
  minuteMs,
  retentionDays,
  type Settings,
  settingsOf,
} from './settings';
import type { Product } from './subject';
import { type LogSnapshot, LogTruth, Violation } from './truth/log-truth';
import { contentOf, foldOf, itemName, type NaiveContent, ownGroups, sizes } from './truth/reference';
import { allQueries, expectView, mostBuckets, someQueries, type Tails } from './truth/view-check';

type Item = Record<string, AttributeValue>;

/** One environment of the aggregator: what stays warm between its invocations is in here. */
interface AppenderEnvironment {
  readonly caller: Caller;
  readonly appender: Appender;
}

interface CompactorEnvironment {
  readonly caller: Caller;
  readonly compactor: Compactor;
  readonly table: ReturnType<Product['logTable']>;
}

/** What a restore brings back. */
interface Snapshot {
  readonly items: readonly Item[];
  readonly logs: LogSnapshot;
  /** How far each shard was done with. */
  readonly at: ReadonlyMap<string, number>;
  readonly takenAt: number;
}

const tableName = 'aggregates';
const environments = 3;
/** So long may pass without a compaction, by the rule that no delta expires before it is compacted. */
const longestWithoutCompaction = 20 * hourMs;

/** How often what came to pass, for tests to see that a schedule reaches what it is there for. */
export type Occurrences = Record<
  | 'appended'
  | 'refused'
  | 'cut'
  | 'givenUp'
  | 'resets'
  | 'zombies'
  | 'compactions'
  | 'itemsRetried'
  | 'views'
  | 'polls'
  | 'expired'
  | 'jumps'
  | 'reshards'
  | 'restores'
  | 'settled'
  | 'duplicates'
  | 'withoutRoom'
  | 'late'
  | 'twice'
  | 'killed'
  | 'timedOut'
  | 'repaired'
  | 'tooEarly'
  | 'left'
  | 'rebuilds'
  | 'corrected',
  number
>;

/**
 * A deployment whose every call is a step, and to which between two steps anything may happen. The same seed plays the
 * same schedule.
 */
export class World {
  private readonly random: Random;
  private readonly settings: Settings;
  private readonly stream: ModelStream;
  private readonly scheduler: Scheduler;
  private readonly truth: LogTruth;
  private readonly memory: MemoryDynamo;
  /** What has reached the replicas. */
  private replicated: readonly Item[] = [];
  private appenders: AppenderEnvironment[];
  private compactors: CompactorEnvironment[];
  private mappings: ModelMapping[];
  private readonly givenUp: GivenUp[] = [];
  private readonly onFailure = createMemoryBucket(() => this.scheduler.now);
  /** Readers between two looks. */
  private readonly asleep = new Set<Process>();
  private snapshot: Snapshot | undefined;
  private compactedAt: number;
  private tokens = 0;
  private found: Violation | undefined;
  readonly trace: string[] = [];
  readonly occurred: Occurrences;

  constructor(
    private readonly product: Product,
    seed: number,
  ) {
    const random = seededRandom(`model ${seed}`);
    this.random = random;
    this.settings = settingsOf(random);
    this.stream = new ModelStream(random);
    this.scheduler = new Scheduler(random, this.settings.storm, invocationMs);
    this.truth = new LogTruth(this.stream, this.settings, product);
    this.memory = createMemoryDynamo({ itemsPerPage: this.settings.limits.itemsPerPage });
    this.compactedAt = this.scheduler.now;
    product.setItemLimits(this.settings.limits.item);
    product.setBuckets(2);
    this.appenders = Array.from({ length: environments }, () => this.coldAppender());
    this.compactors = Array.from({ length: environments }, () => this.coldCompactor());
    this.mappings = [new ModelMapping(random, this.stream, (shard, records) => this.giveUp(shard, records))];
    this.occurred = {
      ...{
        appended: 0,
        refused: 0,
        cut: 0,
        givenUp: 0,
        resets: 0,
        zombies: 0,
        compactions: 0,
        itemsRetried: 0,
      },
      ...{ views: 0, polls: 0, expired: 0, jumps: 0, reshards: 0, restores: 0, settled: 0, duplicates: 0 },
      ...{ withoutRoom: 0, late: 0, twice: 0, killed: 0, timedOut: 0 },
      ...{ repaired: 0, tooEarly: 0, left: 0, rebuilds: 0, corrected: 0 },
    };
  }

  private get now(): number {
    return this.scheduler.now;
  }

  private readonly clock = (): number => this.scheduler.now;

  // The table

  /** Makes a call, and has the model's account look at what it wrote. */
  private readonly act = async (kind: keyof DynamoCalls, input: unknown): Promise<unknown> => {
    const table = isEventuallyConsistent(kind, input) ? await this.replica() : this.memory;
    const answer = await (table[kind] as (input: unknown) => Promise<unknown>)(input);
    try {
      if (kind === 'put') this.sawPut((input as PutItemCommandInput).Item!);
      if (kind === 'update') await this.sawUpdate(input as UpdateItemCommandInput);
    } catch (error) {
      // The product may take it for a failure of the table.
      this.found ??= error as Violation;
    }
    return answer;
  };

  /** The table as a read sees it that does not ask for the newest: as it was some time ago. */
  private async replica(): Promise<MemoryDynamo> {
    const replica = createMemoryDynamo({ itemsPerPage: this.settings.limits.itemsPerPage });
    replica.restore(this.replicated);
    return replica;
  }

  private sawPut(item: Item): void {
    const pk = item.pk!.S!;
    if (pk === 'shards' || pk.startsWith('ids#')) return;
    if (pk.startsWith('log#')) {
      this.truth.sawDelta(item, this.now);
      this.occurred.appended++;
      // It stands, whether or not its command lives to say so.
      if (item.kind!.S === 'rebuild') this.occurred.corrected++;
      this.note(() => `  delta ${pk} ${item.sk!.S} -> ${item.last!.S} ${item.kind!.S}`);
    } else {
      this.truth.sawItem(item, this.now);
      this.note(() => `  item ${pk} ${item.sk!.S} at ${item.seq!.S}`);
    }
  }

  private async sawUpdate({ Key, UpdateExpression, ExpressionAttributeValues }: UpdateItemCommandInput) {
    const shard = Key!.sk!.S!;
    const to = ExpressionAttributeValues?.[':to']?.S;
    if (UpdateExpression?.includes('#settled = ')) this.occurred.settled++;
    this.note(() => `  entry ${shard} ${UpdateExpression} ${JSON.stringify(ExpressionAttributeValues)}`);
    if (to !== undefined) await this.truth.sawCompacted(shard, to, this.memory, this.now);
  }

  private note(text: () => string): void {
    if (process.env.MODEL_TRACE) this.trace.push(`${new Date(this.now).toISOString()} ${text()}`);
  }

  private refuseWhatWasFound(): void {
    if (this.found) throw this.found;
  }

  /** Time to live deletes what has expired, in any order, sooner or later. */
  private async expire(): Promise<void> {
    for (const item of this.memory.items()) {
      const expiresAt = Number(item.expiresAt?.N ?? Infinity) * 1000;
      if (expiresAt >= this.now || this.random.chance(0.5)) continue;
      const pk = item.pk!.S!;
      if (pk.startsWith('log#')) {
        const shard = pk.slice('log#'.length);
        const entry = await this.memory.get({
          TableName: tableName,
          Key: { pk: { S: 'shards' }, sk: { S: shard } },
        });
        if (item.last!.S! > (entry.Item?.compactedTo?.S ?? '0')) {
          throw new Violation(`${shard}: delta ${item.last!.S} expired before it was compacted`);
        }
      }
      this.occurred.expired++;
      this.note(() => `  expired ${pk} ${item.sk!.S}`);
      await this.memory.delete({ TableName: tableName, Key: { pk: item.pk!, sk: item.sk! } });
    }
  }

  // The functions

  private coldAppender(): AppenderEnvironment {
    const caller: Caller = { process: undefined };
    const { limits, deduplicationSeconds, uniqueVisitors } = this.settings;
    const appender = this.product.createAppender(
      {
        table: this.product.logTable(callsOf(caller, this.act), tableName),
        now: this.clock,
        newToken: () => `token-${this.tokens++}`,
      },
      {
        deduplicationSeconds,
        uniques: this.product.uniquesFor(uniqueVisitors),
        minutesForDays: retentionDays.minute,
        logDays,
        limits: limits.delta,
        knownBytes: limits.knownBytes,
      },
    );
    return { caller, appender };
  }

  private coldCompactor(): CompactorEnvironment {
    const caller: Caller = { process: undefined };
    const table = this.product.logTable(callsOf(caller, this.act), tableName);
    const { compactionSeconds, limits } = this.settings;
    const compactor = this.product.createCompactor(
      { table, now: this.clock },
      { retentionDays, compactionSeconds, logDays, limits: limits.compact },
    );
    return { caller, compactor, table };
  }

  private async poll(): Promise<void> {
    const mapping = this.random.pick(this.mappings);
    const free = this.appenders.filter(({ caller }) => !caller.process);
    if (free.length === 0) return;
    const batch = mapping.next();
    if (!batch) return;
    let environment = this.random.pick(free);
    if (this.random.chance(0.1)) environment = this.replaced(environment);
    const records = batch.shard.records.slice(batch.from, batch.to);
    const name = `append ${batch.shard.name} records ${batch.from} to ${batch.to - 1}`;
    this.note(() => `start ${name}`);
    const process = await this.scheduler.start(
      { name, lifeMs: invocationMs, mayFail: true },
      (started) => {
        environment.caller.process = started;
        batch.process = started;
        return environment.appender.append(batch.shard.name, records, started.signal);
      },
      (appended, error) => {
        environment.caller.process = undefined;
        this.note(() => `end ${name}: ${JSON.stringify(appended)} ${error ?? ''}`);
        const hasFailed = !appended || this.random.chance(0.03);
        if (error && !isKill(error)) this.found ??= new Violation(`${name}: threw ${error}`);
        if (appended) this.sawAppended(batch, appended);
        mapping.answered(batch, this.unfinishedOf(batch, appended), hasFailed);
        batch.process = undefined;
        if (isKill(error)) this.replaced(environment);
      },
    );
    if (!this.scheduler.processes.includes(process)) batch.process = undefined;
  }

  private unfinishedOf({ shard, from }: Batch, appended: Appended | undefined): number | undefined {
    const lowest = appended?.lowestUnfinished;
    if (lowest === undefined) return undefined;
    return from + shard.records.slice(from).findIndex(({ sequenceNumber }) => sequenceNumber === lowest);
  }

  /** What an invocation says is done stands in the log, or was given up before. */
  private sawAppended(batch: Batch, appended: Appended): void {
    const { shard, from, to } = batch;
    this.occurred.refused += appended.refused;
    if (appended.deltas > 1) this.occurred.cut++;
    this.occurred.duplicates += appended.duplicates;
    const unfinished = this.unfinishedOf(batch, appended) ?? to;
    if (unfinished < from || unfinished > to) {
      this.found ??= new Violation(
        `${shard.name}: reported ${appended.lowestUnfinished}, which the batch lacks`,
      );
    }
    for (const event of shard.records.slice(from, unfinished).flatMap(({ events }) => events)) {
      if (this.truth.isCounted(shard.name, event) || this.isGivenUp(shard, event)) continue;
      this.found ??= new Violation(
        `${shard.name}: event ${event.ordinal} was said to be counted, and is not`,
      );
    }
  }

  private isGivenUp(shard: ModelShard, { record }: ModelEvent): boolean {
    return this.givenUp.some(
      (given) => given.shard === shard && given.records.some((r) => r.number === record),
    );
  }

  private replaced(environment: AppenderEnvironment): AppenderEnvironment {
    const cold = this.coldAppender();
    this.appenders = this.appenders.map((one) => (one === environment ? cold : one));
    return cold;
  }

  private giveUp(shard: ModelShard, records: readonly ModelRecord[]): void {
    this.occurred.givenUp++;
    const uuid = `object-${String(this.givenUp.length).padStart(3, '0')}`;
    const { key, body } = onFailureObject(shard.name, records, { uuid, now: this.now });
    this.onFailure.objects.set(key, { body, writtenAt: this.now });
    this.givenUp.push({ key, shard, records, isRepaired: false });
    this.note(() => `given up ${shard.name} records ${records[0]!.number} to ${records.at(-1)!.number}`);
  }

  private async compact(): Promise<void> {
    const free = this.compactors.filter(({ caller }) => !caller.process);
    if (free.length === 0) return;
    const environment = this.random.pick(free);
    const everything = this.random.chance(0.4);
    this.note(() => `start compaction ${everything ? 'of everything' : ''}`);
    await this.scheduler.start(
      { name: 'compact', lifeMs: invocationMs, mayFail: true },
      (started) => {
        environment.caller.process = started;
        return this.product.compactAll(environment.table, environment.compactor, everything, started.signal);
      },
      (compacted, error) => {
        environment.caller.process = undefined;
        this.note(() => `end compaction ${JSON.stringify(compacted)} ${error ?? ''}`);
        if (compacted && compacted.deltas > 0) this.occurred.compactions++;
        this.occurred.itemsRetried += compacted?.retried ?? 0;
        if (compacted && compacted.shardsWithGap.length > 0) {
          this.found ??= new Violation(`compaction: gap in ${compacted.shardsWithGap.join(', ')}`);
        }
        if (!isKill(error)) return;
        this.compactors = this.compactors.map((one) => (one === environment ? this.coldCompactor() : one));
      },
    );
  }

  private async read(): Promise<void> {
    const { random, settings } = this;
    if (this.scheduler.processes.filter(({ plan }) => plan.name.startsWith('read')).length >= 2) return;
    const queries = someQueries(random, settings, this.now);
    if (queries.length === 0) return;
    const polls = random.chance(0.4) ? 1 + random.below(4) : 0;
    const caller: Caller = { process: undefined };
    // Who does not know when windows expire sees them as long as their deltas are pending, or followed.
    const knowsRetention = random.chance(0.5);
    const ports = {
      table: this.product.logTable(callsOf(caller, this.act), tableName),
      now: this.clock,
      ...(knowsRetention ? { retentionDays } : {}),
    };
    const expect = (view: View, before: Tails): void =>
      expectView(view, queries, this.truth, before, this.now, !knowsRetention);
    await this.scheduler.start(
      // A dashboard sleeps as long as it likes.
      {
        name: polls > 0 ? 'read on and on' : 'read',
        lifeMs: polls > 0 ? Infinity : commandMs,
        mayFail: polls > 0,
      },
      async (started) => {
        caller.process = started;
        if (polls === 0) {
          const before = this.truth.tails();
          expect(await this.product.readView(queries, ports), before);
          this.occurred.views++;
          return;
        }
        const follower = this.product.createFollower(queries, ports);
        for (let poll = 0; poll <= polls; poll++) {
          const before = this.truth.tails();
          const view = await follower.refresh().catch(unlessLost);
          if (view) expect(view, before);
          this.occurred.polls++;
          this.asleep.add(started);
          await started.call(async () => {}).catch(unlessLost);
          this.asleep.delete(started);
        }
      },
      (_, error) => {
        if (error && !isKill(error)) this.found ??= asViolation(error);
      },
    );
  }

  // The commands

  private async repair(): Promise<void> {
    const open = this.givenUp.filter(({ isRepaired }) => !isRepaired);
    if (open.length === 0) return;
    const given = this.random.pick(open);
    this.note(() => `start repair of ${given.key}`);
    await this.scheduler.start(
      { name: 'repair', lifeMs: 2 * hourMs, mayFail: true },
      (process) => this.runRepair(given, process),
      (outcome, error) => {
        this.note(() => `end repair of ${given.key}: ${outcome} ${error ?? ''}`);
        if (error instanceof Error && error.name === 'LogGapError') this.found ??= asViolation(error);
      },
    );
  }

  private async runRepair(given: GivenUp, process: Process): Promise<string> {
    const { key } = given;
    const { outcome, reason } = await this.product
      .repairObject(key, false, this.portsOf(process))
      .catch((error: unknown) => {
        // Another repair of it was there first.
        if (!(error instanceof Error && error.message.startsWith('no object'))) throw error;
        return { outcome: 'repaired before', reason: undefined };
      });
    if (outcome === 'repaired' || outcome === 'repaired before') {
      this.occurred.repaired++;
      given.isRepaired = true;
      for (const event of given.records.flatMap(({ events }) => events)) {
        if (this.truth.isCounted(given.shard.name, event)) continue;
        this.found ??= new Violation(
          `${key}: event ${event.ordinal} was said to be repaired, and is not counted`,
        );
      }
    } else this.occurred[outcome === 'too early' ? 'tooEarly' : 'left']++;
    return `${outcome} ${reason ?? ''}`;
  }

  private portsOf(process: Process) {
    return {
      ...historyOf(this.stream, process, this.clock),
      table: this.product.logTable(callsOf({ process }, this.act), tableName),
      onFailure: this.onFailure,
      settings: aggregationSettings(this.settings),
      now: this.clock,
      newToken: () => `token-${this.tokens++}`,
      limits: this.settings.limits.delta,
    };
  }

  private async rebuild(): Promise<void> {
    this.note(() => 'start rebuild');
    await this.scheduler.start(
      { name: 'rebuild', lifeMs: 2 * hourMs, mayFail: true },
      (process) => this.runRebuild(process),
      (outcome, error) => {
        this.note(() => `end rebuild: ${outcome} ${error ?? ''}`);
        if (error instanceof Error && error.name === 'LogGapError') this.found ??= asViolation(error);
      },
    );
  }

  private async runRebuild(process: Process): Promise<string> {
    const range = { from: modelStart - 40 * dayMs, to: this.now + hourMs };
    const request = { range, dryRun: false, fewer: true };
    // In one delta, as it is but for a range of years: a reader between two of them would see half of a correction.
    const { limits: _limits, ...ports } = this.portsOf(process);
    const { corrected, left, reasons } = await this.product.rebuildRange(request, ports);
    this.occurred.rebuilds++;
    return `${corrected} corrected, ${left} left: ${reasons.join('; ')}`;
  }

  // What happens to a deployment

  /** An invocation is killed, or its time is over and it may still say how far it came. */
  private async stop(process: Process): Promise<void> {
    if (process.plan.name.startsWith('read') || this.random.chance(0.6)) return this.kill(process);
    this.note(() => `the time of ${process.plan.name} is over`);
    await this.scheduler.timeOut(process);
  }

  private async kill(process: Process): Promise<void> {
    this.note(() => `killed ${process.plan.name}`);
    await this.scheduler.kill(process);
  }

  private async killAll(isSpared: (process: Process) => boolean = () => false): Promise<void> {
    for (const process of [...this.scheduler.processes]) if (!isSpared(process)) await this.kill(process);
  }

  private resetMapping(): void {
    this.occurred.resets++;
    const again = this.mappings[0]!.createdAgain(this.now);
    this.note(() => `mapping again at ${JSON.stringify([...again.at])}`);
    this.mappings =
      this.random.chance(0.3) && this.mappings.length === 1 ? [again, ...this.mappings] : [again];
  }

  /** The functions work off all that there is, with nothing going wrong. */
  private async drain(): Promise<void> {
    for (const mapping of this.mappings) {
      for (let batches = 0; !mapping.isDone; batches++) {
        if (batches > 1_000)
          throw new Violation('the mapping does not come to its end, though nothing fails');
        const batch = mapping.next();
        if (!batch) throw new Error('the mapping waits for an invocation that nobody runs');
        const environment = this.random.pick(this.appenders);
        const records = batch.shard.records.slice(batch.from, batch.to);
        const appended = await this.scheduler.alone((process) => {
          environment.caller.process = process;
          return environment.appender.append(batch.shard.name, records, process.signal);
        });
        environment.caller.process = undefined;
        this.refuseWhatWasFound();
        if (appended.lowestUnfinished !== undefined) {
          throw new Violation(`${batch.shard.name}: unfinished because of ${appended.unfinishedBecause}`);
        }
        this.sawAppended(batch, appended);
        mapping.answered(batch, undefined, false);
      }
    }
  }

  private async compactEverything(): Promise<void> {
    const environment = this.random.pick(this.compactors.filter(({ caller }) => !caller.process));
    if (!environment) return;
    const compacted = await this.scheduler.alone((process) => {
      environment.caller.process = process;
      return this.product.compactAll(environment.table, environment.compactor, true, process.signal);
    });
    environment.caller.process = undefined;
    this.refuseWhatWasFound();
    const failed = [...compacted.failedByError.keys(), ...compacted.shardsWithGap];
    if (failed.length > 0 || compacted.pending > 0) {
      throw new Violation(`compaction of everything: ${JSON.stringify({ ...compacted, failed })}`);
    }
    this.compactedAt = this.now;
  }

  /** Time passes in which nobody does anything; a reader that follows the log may sleep through it. */
  private async jump(): Promise<void> {
    this.occurred.jumps++;
    const { random } = this;
    let by = random.chance(0.6) ? 20 * minuteMs + random.below(2 * hourMs) : random.below(9 * dayMs);
    const deltas = this.memory.items().filter(({ pk }) => pk!.S!.startsWith('log#'));
    if (deltas.length > 0 && random.chance(0.5)) {
      // To where some delta is about to go, or a repair counts it as gone.
      const expiresAt = Number(random.pick(deltas).expiresAt!.N) * 1000;
      const near =
        expiresAt - this.now + random.below(4 * hourMs) - 2 * hourMs - (random.chance(0.5) ? dayMs : 0);
      if (near > hourMs) by = near;
    }
    await this.killAll((process) => this.asleep.has(process) && random.chance(0.8));
    await this.scheduler.endLateCalls();
    this.refuseWhatWasFound();
    // A function that is down for longer than the stream keeps records loses them; that is not what is looked for here.
    if (by > 6 * hourMs) await this.drain();
    const mustCompact = this.now + by - this.compactedAt > longestWithoutCompaction;
    if (mustCompact || random.chance(0.5)) await this.compactEverything();
    if (by > dayMs) this.snapshot = undefined;
    this.scheduler.now += by;
    this.note(() => `${Math.round(by / minuteMs)} minutes later`);
    await this.expire();
    if (random.chance(0.4)) await this.compactEverything();
  }

  private takeSnapshot(): void {
    const at = new Map(
      [...this.stream.shards.values()].map((shard) => [
        shard.name,
        // Of two mappings, what both are done with.
        Math.min(...this.mappings.map((mapping) => mapping.positionIn(shard))),
      ]),
    );
    const items = this.memory.items();
    this.snapshot = { items, logs: this.truth.snapshot(), at, takenAt: this.now };
  }

  /** The table as it was; the mapping goes back to where it was by then, or before, and what was given up is repaired again. */
  private async restore(): Promise<void> {
    const { snapshot, random } = this;
    this.snapshot = undefined;
    if (!snapshot || this.now - snapshot.takenAt > hourMs) return;
    this.occurred.restores++;
    this.note(() => 'table restored');
    await this.killAll();
    this.scheduler.forgetLateCalls();
    this.appenders = this.appenders.map(() => this.coldAppender());
    this.compactors = this.compactors.map(() => this.coldCompactor());
    this.memory.restore(snapshot.items);
    this.truth.restore(snapshot.logs);
    const mapping = this.mappings[0]!.createdAgain(this.now);
    for (const name of this.stream.shards.keys()) {
      const at = snapshot.at.get(name) ?? 0;
      mapping.at.set(name, random.chance(0.5) ? at : random.below(at + 1));
    }
    this.mappings = [mapping];
    for (const given of this.givenUp) given.isRepaired = false;
    // Not everybody waits until the mapping has caught up.
    if (random.chance(0.5)) await this.repair();
  }

  // The schedule

  /** @throws Violation at the first thing that is not as it must be */
  async run(): Promise<void> {
    const steps = 25 + this.random.below(75);
    for (let step = 0; step < steps; step++) {
      await this.somethingHappens();
      this.refuseWhatWasFound();
    }
    await this.finish();
    Object.assign(this.occurred, {
      late: this.scheduler.did.late,
      twice: this.scheduler.did.twice,
      killed: this.scheduler.did.killed,
      timedOut: this.scheduler.did.timedOut,
    });
  }

  private async somethingHappens(): Promise<void> {
    const { random, scheduler, settings } = this;
    if (random.chance(0.2)) scheduler.now += random.below(random.chance(0.1) ? 10 * minuteMs : 12_000);
    if (this.now - this.compactedAt > longestWithoutCompaction) {
      await this.killAll();
      await this.compactEverything();
    }
    if (random.chance(0.05)) this.replicated = this.memory.items();
    if (settings.focus === 'reading' && random.chance(0.12)) {
      await (random.chance(0.5) ? this.read() : this.compact());
      return;
    }
    if (settings.focus === 'repairing' && random.chance(0.08)) {
      if (random.chance(0.4)) random.pick(this.mappings).lose();
      else if (random.chance(0.2)) await this.jump();
      else if (random.chance(0.1)) this.resetMapping();
      else if (random.chance(0.25) && !this.snapshot) this.takeSnapshot();
      else if (random.chance(0.25)) await this.restore();
      else await this.repair();
      return;
    }
    const isIdle = scheduler.processes.length === 0;
    const fate = random.float();
    if (fate < 0.1) this.stream.put(random.pick(this.stream.open()), this.now);
    else if (fate < 0.22) await this.poll();
    else if (fate < 0.26) await this.compact();
    else if (fate < 0.285) await this.read();
    else if (fate < 0.3) await scheduler.lateCall();
    else if (fate < 0.315) {
      if (settings.isCalm) return;
      this.occurred.zombies++;
      random.pick(this.mappings).lose();
    } else if (fate < 0.325) {
      if (!isIdle && !settings.isCalm) await this.stop(random.pick(scheduler.processes));
    } else if (fate < 0.33) {
      if (!settings.isCalm) this.resetMapping();
    } else if (fate < 0.335) {
      this.occurred.reshards++;
      this.stream.reshard();
    } else if (fate < 0.343) await this.jump();
    // More buckets: with fewer, a command would not look into all that there are.
    else if (fate < 0.3455) this.product.setBuckets(mostBuckets);
    else if (fate < 0.3495) this.takeSnapshot();
    else if (fate < 0.353) await this.restore();
    else if (fate < 0.363) await this.expire();
    else if (fate < 0.378) await this.repair();
    else if (fate < 0.38) await this.rebuild();
    else for (let calls = 1 + random.below(6); calls > 0; calls--) await scheduler.step();
  }

  private async finish(): Promise<void> {
    const { random, scheduler, truth } = this;
    await this.killAll(({ plan }) => plan.name.startsWith('read') || random.chance(0.5));
    await scheduler.endLateCalls();
    await scheduler.runOut();
    this.refuseWhatWasFound();
    this.note(() => 'nothing fails any more');
    await this.drain();
    for (const shard of this.stream.shards.values()) {
      for (const event of shard.events) {
        if (truth.isCounted(shard.name, event) || this.isGivenUp(shard, event)) continue;
        throw new Violation(`${shard.name}: event ${event.ordinal} is counted nowhere, and was not given up`);
      }
    }
    await this.expectFold(truth);
    await this.repairEverything();
    await this.compactEverything();
    await this.expectFold();
  }

  /** What was given up is repaired, each object once or twice at a time; what the log tells no more is rebuilt. */
  private async repairEverything(): Promise<void> {
    const { random, scheduler } = this;
    const left = (): GivenUp[] => this.givenUp.filter(({ isRepaired }) => !isRepaired);
    for (let before = Infinity; left().length < before; ) {
      before = left().length;
      for (const given of left()) {
        for (let times = random.chance(0.2) ? 2 : 1; times > 0; times--) {
          const plan = { name: 'repair', lifeMs: Infinity, mayFail: false };
          await scheduler.start(
            plan,
            (process) => this.runRepair(given, process),
            (outcome, error) => {
              this.note(() => `repair of ${given.key}: ${outcome} ${error ?? ''}`);
              if (error) this.found ??= asViolation(error);
            },
          );
        }
        await scheduler.runOut();
        this.refuseWhatWasFound();
      }
    }
    if (left().length === 0 && this.occurred.corrected === 0) return;
    // A day from now nothing is left in between that neither a repair nor a rebuild decides about.
    await this.compactEverything();
    scheduler.now += dayMs + hourMs;
    for (let times = random.chance(0.3) ? 2 : 1; times > 0; times--) {
      const plan = { name: 'rebuild', lifeMs: Infinity, mayFail: false };
      await scheduler.start(
        plan,
        (process) => this.runRebuild(process),
        (outcome, error) => {
          this.note(() => `rebuild: ${outcome} ${error ?? ''}`);
          if (error) this.found ??= asViolation(error);
        },
      );
    }
    await scheduler.runOut();
    this.refuseWhatWasFound();
  }

  /**
   * Everything is read at once: it is the fold of the events, in the order of the stream.
   *
   * @param inLog counts only what is in the logs, since there are events that were given up
   */
  private async expectFold(inLog?: LogTruth): Promise<void> {
    const { truth, settings, product } = this;
    const queries = allQueries(settings);
    const caller: Caller = { process: undefined };
    const table = product.logTable(callsOf(caller, this.act), tableName);
    const ports = { table, now: this.clock, retentionDays };
    const view = await this.scheduler.alone((process) => {
      caller.process = process;
      return product.readView(queries, ports);
    });
    expectView(view, queries, truth, truth.tails(), this.now, false);
    for (const item of view.items) {
      for (const { other } of item.content.counts.values()) if (other > 0) this.occurred.withoutRoom++;
    }
    for (const shard of this.stream.shards.values()) {
      const events = shard.events.filter((event) => !inLog || inLog.isCounted(shard.name, event));
      const mine = view.items.filter(({ shardKey }) => shardKey === shard.name);
      // By then a correction has put right what it could not know; until then the log has to be right by itself.
      if (inLog && this.occurred.corrected > 0) continue;
      this.expectSums(shard, events, mine);
    }
  }

  /** Windows that will not expire for a while: by dimension, and by value where all have room, they have these events. */
  private expectSums(shard: ModelShard, events: readonly ModelEvent[], items: View['items']): void {
    const { deduplicationSeconds, limits } = this.settings;
    const isByValue = Math.min(limits.item.counterBytes, limits.item.allCounterBytes) > 10_000;
    const fold = contentOf(foldOf(events, deduplicationSeconds), 'off', () => 1);
    const lasting = this.lastingWindows(shard);
    const sums = (window: string, counts: NaiveContent['counts'], into: Map<string, number>): void => {
      for (const [dimension, { values, other }] of counts) {
        for (const [value, count] of values) {
          const id = `${window} ${dimension} ${isByValue ? value : ''}`;
          into.set(id, (into.get(id) ?? 0) + count);
        }
        const id = `${window} ${dimension} ${isByValue ? '(other)' : ''}`;
        if (other !== 0) into.set(id, (into.get(id) ?? 0) + other);
      }
    };
    const [found, expected] = [new Map<string, number>(), new Map<string, number>()];
    for (const item of items) {
      const window = itemName('', 0, item.size, item.start).split(' ')[1]!;
      if (lasting.has(window)) sums(window, item.content.counts, found);
    }
    for (const [name, { counts }] of fold) {
      const window = name.split(' ')[1]!;
      if (lasting.has(window)) sums(window, counts, expected);
    }
    for (const id of new Set([...found.keys(), ...expected.keys()])) {
      if ((found.get(id) ?? 0) === (expected.get(id) ?? 0)) continue;
      throw new Violation(
        `${shard.name} ${id}: reads ${found.get(id) ?? 0}; the fold has ${expected.get(id) ?? 0}`,
      );
    }
  }

  /** Windows of which no item has expired, nor will within a day. */
  private lastingWindows(shard: ModelShard): Set<string> {
    const lasting = new Set<string>();
    const passing = new Set<string>();
    for (const event of shard.events) {
      const { truth, arrivedAt } = event;
      // A rebuild reads what arrived in time, and as late as what is counted.
      const isOutOfReach =
        arrivedAt - (truth.ok ? truth.at : arrivedAt) > hourMs && !this.truth.isCounted(shard.name, event);
      for (const size of sizes) {
        const window = itemName('', 0, size, truth.ok ? truth.at : arrivedAt).split(' ')[1]!;
        const isLasting = arrivedAt + retentionDays[size] * dayMs > this.now + dayMs;
        (isLasting && !isOutOfReach ? lasting : passing).add(window);
      }
    }
    for (const [name, item] of this.truth.expectedAt(shard.name, '~', this.now)) {
      if (!item && ['summary', ...ownGroups].includes(name.split('#')[0]!)) passing.add(name.split(' ')[1]!);
    }
    return new Set([...lasting].filter((window) => !passing.has(window)));
  }
}

function isKill(error: unknown): boolean {
  return error instanceof Error && error.message === 'Killed';
}

/** An answer that is lost to a reader is no news. */
function unlessLost(error: unknown): undefined {
  if (error instanceof Error && error.name === 'TimeoutError') return undefined;
  throw error;
}

/** Of several keys, each table says it by itself. */
function isEventuallyConsistent(kind: keyof DynamoCalls, input: unknown): boolean {
  const { ConsistentRead, RequestItems } = input as { ConsistentRead?: boolean; RequestItems?: typeof input };
  if (kind === 'get' || kind === 'query') return ConsistentRead !== true;
  return (
    kind === 'batchGet' && Object.values(RequestItems as object).some((keys) => keys.ConsistentRead !== true)
  );
}

function asViolation(error: unknown): Violation {
  return error instanceof Violation
    ? error
    : new Violation(String(error instanceof Error ? error.stack : error));
}

/** Plays the schedule of a seed. */
export async function playWith(product: Product, seed: number): Promise<Occurrences> {
  const world = new World(product, seed);
  try {
    await world.run();
  } catch (error) {
    const trace = world.trace.length > 0 ? `\n${world.trace.join('\n')}` : '';
    throw new Violation(`${asViolation(error).message}${trace}`);
  }
  return world.occurred;
}
