import { type Random, seededRandom } from '../../../domain/numbers/random';
import { setBuckets, setItemLimits } from '../code-limits';
import { invocationMs, type Settings, settingsOf } from '../settings';
import { LogTruth } from '../truth/log-truth';
import { Journal } from './journal';
import { OnFailureObjects } from './on-failure';
import { PlayedTable } from './played-table';
import { Scheduler } from './scheduler';
import { ModelStream } from './stream';

/** What the parts of a deployment share: its services, and what the model knows of them. */
export interface Deployment {
  readonly random: Random;
  readonly settings: Settings;
  readonly scheduler: Scheduler;
  readonly stream: ModelStream;
  readonly table: PlayedTable;
  readonly onFailure: OnFailureObjects;
  readonly truth: LogTruth;
  readonly journal: Journal;
  /** Epoch milliseconds, by the scheduler. */
  readonly now: () => number;
  readonly newToken: () => string;
}

/** A deployment with nothing in it, set up as its seed says. */
export function createDeployment(seed: number): Deployment {
  const random = seededRandom(`model ${seed}`);
  const settings = settingsOf(random);
  const stream = new ModelStream(random);
  const now = (): number => scheduler.now;
  const journal = new Journal(now);
  const scheduler = new Scheduler(random, journal, settings.storm, invocationMs);
  const truth = new LogTruth(stream, settings);
  const table = new PlayedTable(settings.limits.itemsPerPage, truth, journal, now);
  const onFailure = new OnFailureObjects(journal, now);
  let tokens = 0;
  const newToken = (): string => `token-${tokens++}`;
  setItemLimits(settings.limits.item);
  setBuckets(2);
  return {
    ...{ random, settings, scheduler, stream, table, onFailure, truth, journal },
    now,
    newToken,
  };
}
