import { compactAll } from '../../../lambda/compactor/compact-all';
import { type Compactor as Compaction, createCompactor } from '../../../table/compact';
import type { LogTable } from '../../../table/log-table';
import { hourMs, invocationMs, logDays, retentionDays } from '../settings';
import { Violation } from '../truth/log-truth';
import type { Deployment } from './deployment';
import { type Caller, isKill } from './process';

interface Environment {
  readonly caller: Caller;
  readonly compaction: Compaction;
  readonly table: LogTable;
}

const concurrency = 3;
/** So long may pass without a compaction, by the rule that no delta expires before it is compacted. */
const longestWithoutCompaction = 20 * hourMs;

/** The compactor in its environments. */
export class Compactor {
  private environments: Environment[];
  private compactedAt: number;

  constructor(private readonly deployment: Deployment) {
    this.environments = Array.from({ length: concurrency }, () => this.coldStart());
    this.compactedAt = deployment.now();
  }

  /** A scheduled invocation, or an operator's, which leaves nothing out; beside others that are under way. */
  async invoke(): Promise<void> {
    const { random, scheduler, journal } = this.deployment;
    const free = this.environments.filter(({ caller }) => !caller.process);
    if (free.length === 0) return;
    const environment = random.pick(free);
    const { caller, table, compaction } = environment;
    const everything = random.chance(0.4);
    journal.note(() => `start compaction ${everything ? 'of everything' : ''}`);
    await scheduler.start(
      { name: 'compact', lifeMs: invocationMs, mayFail: true },
      (started) => {
        caller.process = started;
        return compactAll(table, compaction, everything, started.signal);
      },
      (compacted, error) => {
        caller.process = undefined;
        journal.note(() => `end compaction ${JSON.stringify(compacted)} ${error ?? ''}`);
        if (compacted && compacted.deltas > 0) journal.occurred.compactions++;
        journal.occurred.itemsRetried += compacted?.retried ?? 0;
        if (compacted && compacted.shardsWithGap.length > 0) {
          journal.report(new Violation(`compaction: gap in ${compacted.shardsWithGap.join(', ')}`));
        }
        if (!isKill(error)) return;
        this.environments = this.environments.map((one) => (one === environment ? this.coldStart() : one));
      },
    );
  }

  /** Compacts all that is pending, with nothing beside it; does nothing if no environment is free. */
  async compactEverything(): Promise<void> {
    const { random, scheduler, journal, now } = this.deployment;
    const environment = random.pick(this.environments.filter(({ caller }) => !caller.process));
    if (!environment) return;
    const { caller, table, compaction } = environment;
    const compacted = await scheduler.alone((process) => {
      caller.process = process;
      return compactAll(table, compaction, true, process.signal);
    });
    caller.process = undefined;
    journal.throwReported();
    const failed = [...compacted.failedByError.keys(), ...compacted.shardsWithGap];
    if (failed.length > 0 || compacted.pending > 0) {
      throw new Violation(`compaction of everything: ${JSON.stringify({ ...compacted, failed })}`);
    }
    this.compactedAt = now();
  }

  /** Whether it has to run before an instant, in epoch milliseconds, since deltas would expire. */
  isDueBefore(at: number): boolean {
    return at - this.compactedAt > longestWithoutCompaction;
  }

  startAgain(): void {
    this.environments = this.environments.map(() => this.coldStart());
  }

  private coldStart(): Environment {
    const { table: played, settings, now } = this.deployment;
    const { compactionSeconds, limits } = settings;
    const caller: Caller = { process: undefined };
    const table = played.of(caller);
    const options = { retentionDays, compactionSeconds, logDays, limits: limits.compact };
    return { caller, compaction: createCompactor({ table, now }, options), table };
  }
}
