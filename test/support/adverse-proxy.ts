import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { seededRandom } from '../../domain/numbers/random';

/** What may befall a request with events. */
export const misfortunes = ['429', '503', 'cut before', 'answer lost', 'slow'] as const;
export type Misfortune = (typeof misfortunes)[number];

export interface AdverseProxy {
  readonly address: string;
  /** How often each was met. */
  readonly met: Record<Misfortune | 'none', number>;
  /** Share of the requests with events that meet one; 0 lets all pass. */
  rate: number;
  /** Bodies of the requests with events. */
  readonly bodies: string[];
  /** What the collector answered to them. */
  readonly statuses: number[];
  /** Sends everything on to here. */
  target: string;
  close(): Promise<void>;
}

/** Stands between browsers and a collector, and lets some requests fail as networks and services do. */
export async function startAdverseProxy(seed: string): Promise<AdverseProxy> {
  const random = seededRandom(seed);
  const server = createServer((incoming, answer) => {
    void respond(incoming, answer);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const proxy: AdverseProxy = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    met: { '429': 0, '503': 0, 'cut before': 0, 'answer lost': 0, slow: 0, none: 0 },
    rate: 0,
    bodies: [],
    statuses: [],
    target: '',
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
  const respond = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const isEvents = incoming.method === 'POST' && incoming.url === '/events';
    const misfortune = isEvents && random.chance(proxy.rate) ? random.pick(misfortunes) : 'none';
    if (isEvents) proxy.met[misfortune]++;
    const body = await bodyOf(incoming);
    if (body === undefined) return;
    if (isEvents) proxy.bodies.push(String(body));
    if (misfortune === 'cut before') return void incoming.socket.destroy();
    if (misfortune === '429' || misfortune === '503') {
      const origin = incoming.headers.origin ?? '*';
      answer.writeHead(Number(misfortune), {
        'retry-after': '1',
        'access-control-allow-origin': origin,
        'access-control-expose-headers': 'retry-after',
      });
      return void answer.end();
    }
    if (misfortune === 'slow') await new Promise((resolve) => setTimeout(resolve, 1_500));
    const { host } = new URL(proxy.target);
    const onward = request(
      `${proxy.target}${incoming.url}`,
      { method: incoming.method, headers: { ...incoming.headers, host } },
      (response) => {
        if (isEvents) proxy.statuses.push(response.statusCode ?? 0);
        if (misfortune === 'answer lost') {
          response.resume();
          return void incoming.socket.destroy();
        }
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    onward.end(body);
  };
  return proxy;
}

/** Undefined for a request that its sender broke off. */
async function bodyOf(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  try {
    for await (const part of incoming) parts.push(part);
    return Buffer.concat(parts);
  } catch {
    return undefined;
  }
}
