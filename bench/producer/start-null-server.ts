import { join } from 'node:path';
import { type ChildServer, startChildServer } from '../child-server';

/** What a null server took since it was last asked. */
export interface Taken {
  readonly records: number;
  /** Requests with records. */
  readonly requests: number;
  /** That were made, whatever for. */
  readonly connections: number;
  /** SHA-256 of all events, sorted and joined by line feeds, if the server reads them. */
  readonly digest?: string | undefined;
}

/** A Kinesis that takes everything and keeps nothing. */
export type NullServer = ChildServer<Taken>;

export interface NullServerSettings {
  /** How long each answer to a put takes. @default 0 */
  readonly latencyMs?: number;
  /** It reads the events as a consumer would. @default false, which leaves the machine to the others */
  readonly isReading?: boolean;
}

/** @returns after it listens on the loopback interface, by TLS with a certificate that nobody knows */
export async function startNullServer({
  latencyMs = 0,
  isReading = false,
}: NullServerSettings = {}): Promise<NullServer> {
  const args = [String(latencyMs), isReading ? 'reading' : 'blind'];
  return startChildServer(join(__dirname, 'null-server.ts'), args, 'https');
}
