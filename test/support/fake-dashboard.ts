import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buildPage } from '../../dashboard/build';
import { answer } from './fake-answers';
import { type FakeData, fakeData } from './fake-data';

export interface FakeDashboard {
  readonly address: string;
  /** The paths of the API that were asked for, with their parameters. */
  readonly asked: string[];
  /** What is not changed by an `override` is made up from the question alone. */
  override(change: Partial<FakeData>): void;
  /** Cuts all connections, and takes no more, or takes them again. */
  setReachable(isReachable: boolean): Promise<void>;
  close(): Promise<void>;
}

/** The page with an API that makes up its answers: for what a real pipeline cannot be brought to show, or not soon. */
export async function startFakeDashboard({
  now = () => Date.now(),
  pages = 1_000,
}: {
  readonly now?: () => number;
  readonly pages?: number;
} = {}): Promise<FakeDashboard> {
  const files = await buildPage();
  const asked: string[] = [];
  let answers = fakeData(pages, now);
  const handler: Parameters<typeof createServer>[1] = (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const file = files.get(pathname);
    if (!pathname.startsWith('/api/')) {
      response.writeHead(file ? 200 : 404, {
        'content-type': file?.type ?? 'text/plain',
        'content-security-policy':
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:",
      });
      response.end(file?.body);
      return;
    }
    asked.push(request.url!);
    const { refusal } = answers;
    const body = JSON.stringify(refusal?.body ?? answer(pathname.slice(5), searchParams, answers));
    const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}"`;
    const isKnown = request.headers['if-none-match'] === etag;
    response.writeHead(refusal?.status ?? (isKnown ? 304 : 200), {
      'content-type': 'application/json',
      etag,
    });
    response.end(isKnown ? undefined : body);
  };
  let server = await listen(createServer(handler), 0);
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    asked,
    override: (change) => {
      answers = { ...answers, ...change };
    },
    setReachable: async (isReachable) => {
      await stop(server);
      if (isReachable) server = await listen(createServer(handler), port);
    },
    close: () => stop(server),
  };
}

function listen(server: Server, port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
