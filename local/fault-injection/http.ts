import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Forward, WireAnswer, WireRequest } from './wire';

/** The largest that any of the services takes here is an archive object of 128 MiB. */
const longestBodyBytes = 160 * 1024 * 1024;
/** They are the connection's own (RFC 9110, 7.6.1), or are made anew for the target or with the body. */
const notForwarded = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'expect',
  'content-length',
  'host',
]);

/** A way to a service, over connections that stay open. */
export interface Connections {
  readonly forward: Forward;
  close(): void;
}

export function connectTo(target: string): Connections {
  const agent = new Agent({ keepAlive: true });
  return { forward: (request) => send(target, agent, request), close: () => agent.destroy() };
}

async function send(
  target: string,
  agent: Agent,
  { method, url, headers, body }: WireRequest,
): Promise<WireAnswer> {
  // As a path: made into an address, `//name/` would lead to another machine.
  const outgoing = httpRequest(target, {
    method,
    path: url,
    agent,
    headers: { ...endToEndHeaders(headers), ...(body.length > 0 ? { 'content-length': body.length } : {}) },
  });
  outgoing.end(body);
  const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
  const answer = await readBody(incoming);
  if (!answer) throw new Error(`an answer to ${method} ${url} is longer than ${longestBodyBytes} bytes`);
  return { status: incoming.statusCode ?? 500, headers: incoming.headers, body: answer };
}

/** Undefined for a body that is too long. */
export async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming) {
    bytes += (chunk as Buffer).length;
    if (bytes > longestBodyBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

/** The headers that are for the other end, and not for the connection. */
export function endToEndHeaders(headers: WireAnswer['headers']): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(headers))
    if (value !== undefined && !notForwarded.has(name)) kept[name] = value;
  return kept;
}
