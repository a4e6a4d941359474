import { rebuildRange } from '../../../recover/rebuild/rebuild';
import { repairObject } from '../../../recover/repair/repair';
import { dayMs, hourMs } from '../settings';
import { Violation } from '../truth/log-truth';
import type { Deployment } from './deployment';
import { modelStart } from './events';
import { aggregationSettings, historyOf } from './history';
import type { GivenUp } from './on-failure';
import type { Process, ProcessPlan } from './process';

/** An operator's commands: repair of what was given up, and rebuild of what the log tells no more. */
export class Recovery {
  constructor(private readonly deployment: Deployment) {}

  /** A repair of some object begins, whether or not another one of it is under way. */
  async repair(): Promise<void> {
    const { random, onFailure, journal } = this.deployment;
    const open = onFailure.notRepaired();
    if (open.length === 0) return;
    const given = random.pick(open);
    journal.note(() => `start repair of ${given.key}`);
    await this.start({ name: 'repair', lifeMs: 2 * hourMs, mayFail: true }, (process) =>
      this.runRepair(given, process),
    );
  }

  async rebuild(): Promise<void> {
    this.deployment.journal.note(() => 'start rebuild');
    await this.start({ name: 'rebuild', lifeMs: 2 * hourMs, mayFail: true }, (process) =>
      this.runRebuild(process),
    );
  }

  /** Repairs what was given up, with nothing failing: each object once, or twice at a time, as long as that helps. */
  async repairEverything(): Promise<void> {
    const { random, scheduler, onFailure, journal } = this.deployment;
    for (let before = Infinity; onFailure.notRepaired().length < before; ) {
      const open = onFailure.notRepaired();
      before = open.length;
      for (const given of open) {
        for (let times = random.chance(0.2) ? 2 : 1; times > 0; times--) {
          await this.start({ name: 'repair', lifeMs: Infinity, mayFail: false }, (process) =>
            this.runRepair(given, process),
          );
        }
        await scheduler.runOut();
        journal.throwReported();
      }
    }
  }

  /** Rebuilds everything, with nothing failing: once, or twice at a time. */
  async rebuildEverything(): Promise<void> {
    const { random, scheduler, journal } = this.deployment;
    for (let times = random.chance(0.3) ? 2 : 1; times > 0; times--) {
      await this.start({ name: 'rebuild', lifeMs: Infinity, mayFail: false }, (process) =>
        this.runRebuild(process),
      );
    }
    await scheduler.runOut();
    journal.throwReported();
  }

  /** Starts a command. It may end by an error where calls fail; by one of its own never. */
  private async start(plan: ProcessPlan, run: (process: Process) => Promise<string>): Promise<void> {
    const { scheduler, journal } = this.deployment;
    await scheduler.start(plan, run, (outcome, error) => {
      journal.note(() => `end ${plan.name}: ${outcome} ${error ?? ''}`);
      const isGap = error instanceof Error && error.name === 'LogGapError';
      if (error && (isGap || !plan.mayFail)) journal.report(error);
    });
  }

  private async runRepair(given: GivenUp, process: Process): Promise<string> {
    const { truth, journal } = this.deployment;
    const { key, shard, records } = given;
    const { outcome, reason } = await repairObject(key, false, this.portsOf(process)).catch(
      (error: unknown) => {
        // Another repair of it was there first.
        if (!(error instanceof Error && error.message.startsWith('no object'))) throw error;
        return { outcome: 'repaired before', reason: undefined };
      },
    );
    if (outcome === 'repaired' || outcome === 'repaired before') {
      journal.occurred.repaired++;
      given.isRepaired = true;
      for (const event of records.flatMap(({ events }) => events)) {
        if (truth.isCounted(shard.name, event)) continue;
        journal.report(
          new Violation(`${key}: event ${event.ordinal} was said to be repaired, and is not counted`),
        );
      }
    } else journal.occurred[outcome === 'too early' ? 'tooEarly' : 'left']++;
    return `${key} ${outcome} ${reason ?? ''}`;
  }

  private async runRebuild(process: Process): Promise<string> {
    const { journal, now } = this.deployment;
    const range = { from: modelStart - 40 * dayMs, to: now() + hourMs };
    // In one delta, as it is but for a range of years: a reader between two of them would see half of a correction.
    const { limits: _limits, ...ports } = this.portsOf(process);
    const request = { range, dryRun: false, fewer: true };
    const { corrected, left, reasons } = await rebuildRange(request, ports);
    journal.occurred.rebuilds++;
    return `${corrected} corrected, ${left} left: ${reasons.join('; ')}`;
  }

  private portsOf(process: Process) {
    const { stream, table, onFailure, settings, now, newToken } = this.deployment;
    return {
      ...historyOf(stream, process, now),
      table: table.of({ process }),
      onFailure: onFailure.bucket,
      settings: aggregationSettings(settings),
      limits: settings.limits.delta,
      now,
      newToken,
    };
  }
}
