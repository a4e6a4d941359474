import { type ChildServer, startChildServer } from './child-server';

/** A Kinesis that takes everything and keeps nothing. Asked, it says how many records it took since it was last asked. */
export type NullServer = ChildServer<number>;

/** @param latencyMs how long each answer to a put takes */
export function startNullServer(latencyMs = 0): Promise<NullServer> {
  return startChildServer('null-server.ts', [String(latencyMs)]);
}
