import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { hourMs } from '../settings';
import type { LogSnapshot } from '../truth/log-truth';
import type { Aggregator } from './aggregator';
import type { Compactor } from './compactor';
import type { Deployment } from './deployment';

interface Snapshot {
  readonly items: readonly Record<string, AttributeValue>[];
  readonly logs: LogSnapshot;
  /** How many records of each shard were done with. */
  readonly positions: ReadonlyMap<string, number>;
  readonly takenAt: number;
}

/** A table brought back to what it was at most an hour before, with the mapping created anew before that point. */
export class PointInTimeRestore {
  private snapshot: Snapshot | undefined;

  constructor(
    private readonly deployment: Deployment,
    private readonly aggregator: Aggregator,
    private readonly compactor: Compactor,
  ) {}

  get hasSnapshot(): boolean {
    return this.snapshot !== undefined;
  }

  takeSnapshot(): void {
    const { table, truth, now } = this.deployment;
    const positions = this.aggregator.positions();
    this.snapshot = { items: table.items(), logs: truth.snapshot(), positions, takenAt: now() };
  }

  forgetSnapshot(): void {
    this.snapshot = undefined;
  }

  /** Returns whether there was something to restore. */
  async restore(): Promise<boolean> {
    const { scheduler, table, truth, onFailure, journal, now } = this.deployment;
    const { snapshot } = this;
    this.snapshot = undefined;
    if (!snapshot || now() - snapshot.takenAt > hourMs) return false;
    journal.occurred.restores++;
    journal.note(() => 'table restored');
    await scheduler.killAll();
    scheduler.forgetLateCalls();
    table.restore(snapshot.items);
    truth.restore(snapshot.logs);
    this.compactor.startAgain();
    this.aggregator.startAgainAt(snapshot.positions);
    onFailure.forgetRepairs();
    return true;
  }
}
