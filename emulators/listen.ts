import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { admitClientsOnly, type Pages } from './admission';

/**
 * Listens on 127.0.0.1, for clients on this machine and no web page but its own, and gives the endpoint; a port that
 * cannot be had is named, with the way out.
 */
export async function listen(
  server: Server,
  port: number,
  service: string,
  pages: Pages = 'has no page',
): Promise<string> {
  admitClientsOnly(server, service, pages);
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason = code === 'EADDRINUSE' ? 'is taken' : `cannot be listened on (${code})`;
    throw new Error(`port ${port}, wanted for ${service}, ${reason}: choose others with --port`, {
      cause: error,
    });
  }
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const portsInOrder = [
  'Kinesis',
  'DynamoDB',
  'S3',
  'Firehose',
  'the dashboard',
  'the collector',
  'EventBridge',
];

/** Throws if one of the seven ports from `port` on cannot be had now; 0 stands for any, and those always can. */
export async function checkPorts(port: number): Promise<void> {
  if (port === 0) return;
  for (const [offset, service] of portsInOrder.entries()) {
    const probe = createServer();
    await listen(probe, port + offset, service);
    await new Promise((resolve) => probe.close(resolve));
  }
}
