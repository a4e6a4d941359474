import { join } from 'node:path';
import { repository } from '../bundle';
import { measureInChild, type Taken } from '../child-measurement';

export interface ColdStart {
  readonly importing: Taken;
  readonly firstCall: Taken;
  /** After the first call, garbage included. */
  readonly heapBytes: number;
  /** The bundle, and what it loaded beside itself from `node_modules`. */
  readonly filesLoaded: number;
  readonly answer: unknown;
}

/** Loads a bundle in a process of its own, and calls its handler once. */
export function coldStart(
  bundle: string,
  event: string,
  environment: Readonly<Record<string, string>>,
): Promise<ColdStart> {
  return measureInChild(join(__dirname, 'cold-process.cjs'), [bundle, event], {
    execArgv: [],
    // A bundle without its SDK finds it there, as it would find the runtime's.
    env: { PATH: process.env.PATH, NODE_PATH: join(repository, 'node_modules'), ...environment },
  });
}
