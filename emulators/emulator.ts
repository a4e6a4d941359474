import type { OnAnswered } from './on-answered';

export interface EmulatorOptions {
  /** Port on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Folder of this emulator's state, made if missing. What is acknowledged survives the process. */
  readonly dataDir: string;
  /** Told of what is asked and answered; by Kinesis and DynamoDB only. */
  readonly onAnswered?: OnAnswered | undefined;
}

/** A service on 127.0.0.1 that speaks the wire protocol of its AWS counterpart. */
export interface Emulator {
  readonly endpoint: string;
  /** Finishes the requests under way, then stops. The state stays. */
  close(): Promise<void>;
}
