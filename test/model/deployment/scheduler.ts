import type { Random } from '../../../domain/numbers/random';
import { modelStart } from './events';
import type { Journal } from './journal';
import { type Call, named, Process, type ProcessPlan } from './process';

/** A call that acts though nobody waits for it any more. */
interface LateCall {
  readonly act: () => Promise<unknown>;
  readonly since: number;
}

/** Lets everything run that waits for nothing but turns of the event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Runs processes side by side, one call at a time, in an order that a seed decides. */
export class Scheduler {
  readonly processes: Process[] = [];
  private late: LateCall[] = [];
  now = modelStart;
  /** How likely it is that a call fails before it acts, or after, or acts late or twice. */
  private readonly faults: { readonly before: number; readonly after: number; readonly late: number };
  readonly did = { calls: 0, lostBefore: 0, lostAfter: 0, late: 0, twice: 0, killed: 0, timedOut: 0 };

  constructor(
    private readonly random: Random,
    private readonly journal: Journal,
    storm: number,
    private readonly lateLifeMs: number,
  ) {
    this.faults = { before: 0.02 * storm, after: 0.03 * storm, late: 0.02 * storm };
  }

  async start<T>(
    plan: ProcessPlan,
    run: (process: Process) => Promise<T>,
    onEnd: (value: T | undefined, error: unknown) => void,
  ): Promise<Process> {
    const process = new Process(plan, this.now, onEnd as Process['onEnd']);
    this.processes.push(process);
    this.watch(process, run(process));
    await this.settle();
    return process;
  }

  /** Runs something to its end, with nothing beside it. */
  async alone<T>(run: (process: Process) => Promise<T>): Promise<T> {
    const process = new Process({ name: 'alone', lifeMs: Infinity, mayFail: false }, this.now, () => {});
    process.isUnscheduled = true;
    return run(process);
  }

  /** Makes one call of one of the processes. */
  async step(): Promise<void> {
    const waiting = this.processes.filter(({ calls }) => calls.length > 0);
    if (waiting.length > 0) await this.stepOf(this.random.pick(waiting));
  }

  private async stepOf(process: Process): Promise<void> {
    const { random, faults } = this;
    if (this.now - process.born > process.plan.lifeMs) {
      // A command that reads has nothing to say when its time is over.
      if (random.chance(0.5) && !process.plan.isReader) return this.timeOut(process);
      return this.kill(process);
    }
    const [call] = process.calls.splice(random.below(process.calls.length), 1) as [Call];
    this.did.calls++;
    const chance = process.plan.mayFail ? random.float() : 1;
    if (chance < faults.before) {
      this.did.lostBefore++;
      call.reject(named('TimeoutError'));
    } else if (chance < faults.before + faults.after) {
      this.did.lostAfter++;
      await quietly(call.act);
      call.reject(named('TimeoutError'));
    } else if (chance < faults.before + faults.after + faults.late) {
      this.did.late++;
      this.late.push({ act: call.act, since: process.born });
      call.reject(named('TimeoutError'));
    } else {
      if (chance < faults.before + faults.after + 2 * faults.late) {
        // The client has made the call again by itself: at once, or the first attempt arrives after the second.
        this.did.twice++;
        if (random.chance(0.5)) await quietly(call.act);
        else this.late.push({ act: call.act, since: process.born });
      }
      await call.act().then(call.resolve, call.reject);
    }
    await this.settle();
  }

  /** Runs all processes until none is left; nothing fails any more. */
  async runOut(): Promise<void> {
    while (this.processes.length > 0) {
      const process = this.random.pick(this.processes);
      if (process.calls.length === 0) throw new Error(`${process.plan.name} waits for nothing`);
      const [call] = process.calls.splice(this.random.below(process.calls.length), 1) as [Call];
      await call.act().then(call.resolve, call.reject);
      await this.settle();
    }
  }

  /** One of the processes is killed, or its time is over. */
  async stopOne(): Promise<void> {
    if (this.processes.length === 0) return;
    const process = this.random.pick(this.processes);
    if (process.plan.isReader || this.random.chance(0.6)) await this.kill(process);
    else await this.timeOut(process);
  }

  async killAll(isSpared: (process: Process) => boolean = () => false): Promise<void> {
    for (const process of [...this.processes]) if (!isSpared(process)) await this.kill(process);
  }

  /** Nothing more of it happens, except that what it has sent may act late. */
  private async kill(process: Process): Promise<void> {
    this.did.killed++;
    this.journal.note(() => `killed ${process.plan.name}`);
    for (const { act } of process.calls) {
      if (this.random.chance(0.3)) this.late.push({ act, since: process.born });
    }
    process.isKilled = true;
    process.calls.length = 0;
    this.remove(process);
    process.onEnd(undefined, named('Killed'));
  }

  /** Its time is over: calls under way are given up, each of which has acted or not, and it may still say how far it came. */
  private async timeOut(process: Process): Promise<void> {
    this.did.timedOut++;
    this.journal.note(() => `the time of ${process.plan.name} is over`);
    process.end();
    for (const { act, reject } of process.calls.splice(0)) {
      if (this.random.chance(0.5)) await quietly(act);
      reject(named('AbortError'));
    }
    await this.settle();
    // Whoever goes on then waits for calls that are refused at once.
    if (this.processes.includes(process)) throw new Error(`${process.plan.name} goes on after its time`);
  }

  async lateCall(): Promise<void> {
    this.late = this.late.filter(({ since }) => this.now - since <= this.lateLifeMs);
    if (this.late.length === 0) return;
    const [call] = this.late.splice(this.random.below(this.late.length), 1) as [LateCall];
    await quietly(call.act);
  }

  /** What is late comes to pass now, or never. */
  async endLateCalls(): Promise<void> {
    for (const { act } of this.late.splice(0)) if (this.random.chance(0.5)) await quietly(act);
  }

  forgetLateCalls(): void {
    this.late = [];
  }

  private watch(process: Process, running: Promise<unknown>): void {
    running.then(
      (value) => {
        process.ended = { value };
      },
      (error: unknown) => {
        process.ended = { error };
      },
    );
  }

  private async settle(): Promise<void> {
    await settled();
    for (const process of [...this.processes]) {
      if (!process.ended) continue;
      this.remove(process);
      process.onEnd(process.ended.value, process.ended.error);
    }
  }

  private remove(process: Process): void {
    const index = this.processes.indexOf(process);
    if (index >= 0) this.processes.splice(index, 1);
  }
}

async function quietly(act: () => Promise<unknown>): Promise<void> {
  await act().catch(() => {});
}
