import { createFollower, readView, type View, type ViewPorts, type WindowQuery } from '../../../table/view';
import { commandMs, retentionDays } from '../settings';
import { expectView, someQueries, type Tails } from '../truth/view-check';
import type { Deployment } from './deployment';
import { type Caller, isKill, type Process } from './process';

const mostReaders = 2;

/** Reports, which read once, and dashboards, which follow the log. Each view is compared with the logs. */
export class Readers {
  private readonly asleep = new Set<Process>();

  constructor(private readonly deployment: Deployment) {}

  /** Whether a reader is between two looks. */
  readonly isAsleep = (process: Process): boolean => this.asleep.has(process);

  /** A reader begins, unless there are two. */
  async read(): Promise<void> {
    const { random, settings, scheduler, table, journal, now } = this.deployment;
    if (scheduler.processes.filter(({ plan }) => plan.isReader).length >= mostReaders) return;
    const queries = someQueries(random, settings, now());
    if (queries.length === 0) return;
    const polls = random.chance(0.4) ? 1 + random.below(4) : 0;
    const caller: Caller = { process: undefined };
    // Who does not know when windows expire sees them as long as their deltas are pending, or followed.
    const ports = { table: table.of(caller), now, ...(random.chance(0.5) ? { retentionDays } : {}) };
    const isFollower = polls > 0;
    await scheduler.start(
      {
        name: isFollower ? 'read on and on' : 'read',
        // A dashboard sleeps as long as it likes.
        lifeMs: isFollower ? Infinity : commandMs,
        mayFail: isFollower,
        isReader: true,
      },
      async (started) => {
        caller.process = started;
        await (isFollower ? this.follow(queries, ports, polls, started) : this.readOnce(queries, ports));
      },
      (_, error) => {
        if (error && !isKill(error)) journal.report(error);
      },
    );
  }

  private async readOnce(queries: readonly WindowQuery[], ports: ViewPorts): Promise<void> {
    const { truth, journal } = this.deployment;
    const before = truth.tails();
    this.expect(await readView(queries, ports), queries, before, ports);
    journal.occurred.views++;
  }

  private async follow(
    queries: readonly WindowQuery[],
    ports: ViewPorts,
    polls: number,
    process: Process,
  ): Promise<void> {
    const { truth, journal } = this.deployment;
    const follower = createFollower(queries, ports);
    for (let poll = 0; poll <= polls; poll++) {
      const before = truth.tails();
      const view = await follower.refresh().catch(unlessLost);
      if (view) this.expect(view, queries, before, ports);
      journal.occurred.polls++;
      this.asleep.add(process);
      await process.call(async () => {}).catch(unlessLost);
      this.asleep.delete(process);
    }
  }

  private expect(view: View, queries: readonly WindowQuery[], before: Tails, ports: ViewPorts): void {
    const { truth, now } = this.deployment;
    expectView(view, queries, truth, before, now(), ports.retentionDays === undefined);
  }
}

/** An answer that is lost to a reader is no news. */
function unlessLost(error: unknown): undefined {
  if (error instanceof Error && error.name === 'TimeoutError') return undefined;
  throw error;
}
