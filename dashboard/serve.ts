import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { contentSecurityPolicy } from '../contract/content-security-policy';
import { listen } from '../emulators/listen';
import type { Api, ApiResponse } from '../query/api';
import type { PageFile } from './build';

export interface DashboardOptions {
  /** On 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  readonly api: Api;
  /** Called when somebody asks for the page, until it succeeds once. */
  readonly buildPage: () => Promise<ReadonlyMap<string, PageFile>>;
}

export interface Dashboard {
  /** `http://127.0.0.1:4584` */
  readonly address: string;
  /** Finishes the requests under way, then stops. */
  close(): Promise<void>;
}

const securityHeaders = {
  'content-security-policy': contentSecurityPolicy(),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/**
 * Serves the page and the API to browsers and programs on this machine, and to no other web page.
 *
 * @throws Error that names the port, if it cannot be had
 */
export async function startDashboard({ port, api, buildPage }: DashboardOptions): Promise<Dashboard> {
  let page: ReturnType<typeof buildPage> | undefined;
  const built = (): ReturnType<typeof buildPage> => {
    page ??= buildPage().catch((error: unknown) => {
      page = undefined;
      throw error;
    });
    return page;
  };
  const answer = async (request: IncomingMessage): Promise<ApiResponse | FileResponse> => {
    // Behind the origin, whatever it is: `//` begins no other one.
    const url = `http://127.0.0.1${request.url ?? '/'}`;
    if (!URL.canParse(url)) return text(400, 'The path is none.');
    const { pathname, searchParams } = new URL(url);
    const { method = '' } = request;
    if (pathname.startsWith('/api/')) {
      const headers = { 'if-none-match': request.headers['if-none-match'] };
      return api({ method, path: pathname, query: searchParams, headers });
    }
    if (method !== 'GET' && method !== 'HEAD')
      return text(405, 'Allowed: GET, HEAD.', { allow: 'GET, HEAD' });
    const file = (await built()).get(pathname);
    return file ? fileResponse(file, pathname, request) : text(404, 'There is nothing at this path.');
  };
  const server = createServer((request, response) => {
    answer(request).then(
      (found) => send(response, found, request.method === 'HEAD'),
      () => send(response, text(500, 'The request could not be answered.'), false),
    );
  });
  const address = await listen(server, port, 'the dashboard', 'has a page');
  const close = promisify(server.close.bind(server));
  return {
    address,
    close: async () => {
      const closed = close();
      // A browser that is not asking anything keeps its connection.
      server.closeIdleConnections();
      await closed;
    },
  };
}

interface FileResponse extends Omit<ApiResponse, 'body'> {
  readonly body: Buffer | string;
}

function fileResponse({ body, type, etag }: PageFile, path: string, request: IncomingMessage): FileResponse {
  // The names of assets change with what they hold.
  const caching = {
    etag,
    'cache-control': path.startsWith('/assets/') ? 'max-age=31536000, immutable' : 'no-cache',
  };
  if (request.headers['if-none-match'] === etag) return { status: 304, headers: caching, body: '' };
  return { status: 200, headers: { 'content-type': type, ...caching }, body };
}

function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): FileResponse {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: `${body}\n` };
}

function send(response: ServerResponse, { status, headers, body }: FileResponse, headOnly: boolean): void {
  response.writeHead(status, { ...securityHeaders, ...headers });
  response.end(headOnly ? undefined : body);
}
