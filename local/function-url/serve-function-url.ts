import { createServer, type IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { listen } from '../../emulators/listen';
import type { LambdaFunction } from '../function-runtime/lambda-function';
import type { DemoFile } from './demo-site';
import { internalError, invokeByUrl, urlError } from './invoke-by-url';
import type { UrlAnswer } from './url-event';

export interface FunctionUrlOptions {
  /** On 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  readonly target: Pick<LambdaFunction, 'invoke'>;
  /** Called with the status of each request that is for the function. */
  readonly onAnswered: (status: number) => void;
  /** Pages that are served beside the function, by their paths. */
  readonly site: ReadonlyMap<string, DemoFile>;
}

export interface ServedFunctionUrl {
  /** `http://127.0.0.1:4585` */
  readonly address: string;
  close(): Promise<void>;
}

/** AWS docs: Lambda quotas, payload of a synchronous request. */
const longestBody = 6 * 1024 * 1024;

/**
 * Puts a function behind HTTP as a function URL does. Pages of any origin may call it, as they may call one on AWS: whom
 * it answers is for the function to say.
 *
 * @throws Error that names the port, if it cannot be had
 */
export async function serveFunctionUrl({
  port,
  target,
  site,
  onAnswered,
}: FunctionUrlOptions): Promise<ServedFunctionUrl> {
  const answer = async (request: IncomingMessage): Promise<UrlAnswer> => {
    const { method, url = '/' } = request;
    const file = method === 'GET' || method === 'HEAD' ? site.get(url.split('?')[0]!) : undefined;
    if (file) return { status: 200, ...file };
    const answered = await invoke(request);
    onAnswered(answered.status);
    return answered;
  };
  const invoke = async (request: IncomingMessage): Promise<UrlAnswer> => {
    const { method = '', url = '/', headers } = request;
    const body = await read(request);
    if (!body) return urlError(413, 'Request Entity Too Large');
    const address = request.socket.remoteAddress ?? '';
    return invokeByUrl(target, { method, target: url, headers, address, body, at: Date.now() });
  };
  const server = createServer((request, response) => {
    answer(request)
      .catch(() => internalError)
      .then(({ status, headers, body }) => {
        response.writeHead(status, headers);
        response.end(request.method === 'HEAD' ? undefined : body);
      });
  });
  const address = await listen(server, port, 'the collector', 'serves any page');
  const close = promisify(server.close.bind(server));
  return {
    address,
    close: async () => {
      const closed = close();
      // Browsers keep connections open.
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Undefined for a body that is too long. */
async function read(request: IncomingMessage): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes <= longestBody) parts.push(part);
  }
  return bytes > longestBody ? undefined : Buffer.concat(parts);
}
