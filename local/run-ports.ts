import type { Readable, Writable } from 'node:stream';
import type { DestinationAccess } from './destination';

/** What a run of the laptop needs of its process. */
export interface RunPorts {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  /** Milliseconds that only go forward. */
  readonly elapsed: () => number;
  /** Aborted: stop producing, deliver what there is, end. */
  readonly signal: AbortSignal;
  /** Folder of `cdk.json`. */
  readonly appDir: string;
  /** Undefined: events go to no destination. */
  readonly destination: DestinationAccess | undefined;
}
