import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { type JsonObject, parseObject } from '../domain/json/json-object';
import { listen } from '../emulators/listen';

export interface JsonService {
  readonly endpoint: string;
  /** Finishes the requests under way, then stops. */
  close(): Promise<void>;
}

export interface ServiceAnswer {
  readonly status: number;
  readonly body: object;
}

export type ServiceInput = JsonObject;

export interface JsonServiceOptions {
  readonly port: number;
  /** As an error about the port calls it. */
  readonly name: string;
  /** What `X-Amz-Target` has before the operation, with its dot. */
  readonly targetPrefix: string;
  readonly maxRequestBytes: number;
  /** @param operation '' for a request that is not of this service */
  readonly answer: (operation: string, input: ServiceInput) => ServiceAnswer | Promise<ServiceAnswer>;
}

/** Serves an API of AWS in JSON 1.1, for the AWS CLI and any SDK. */
export async function serveJson({ port, name, ...options }: JsonServiceOptions): Promise<JsonService> {
  const server = createServer((request, response) => {
    respond(request, options).then(
      (answer) => send(response, answer),
      () => send(response, failure('InternalFailure', 'The request could not be answered.', 500)),
    );
  });
  const endpoint = await listen(server, port, name);
  return { endpoint, close: promisify(server.close.bind(server)) };
}

export function failure(type: string, message: string, status = 400): ServiceAnswer {
  return { status, body: { __type: type, message } };
}

async function respond(
  request: IncomingMessage,
  { targetPrefix, maxRequestBytes, answer }: Omit<JsonServiceOptions, 'port' | 'name'>,
): Promise<ServiceAnswer> {
  const body = await read(request, maxRequestBytes);
  if (!body)
    return failure('RequestEntityTooLargeException', `A request has at most ${maxRequestBytes} bytes.`, 413);
  const target = String(request.headers['x-amz-target'] ?? '');
  const input = parseObject(body.toString('utf8') || '{}');
  if (!input) return failure('SerializationException', 'The request is not a JSON object.');
  return answer(target.startsWith(targetPrefix) ? target.slice(targetPrefix.length) : '', input);
}

function send(response: ServerResponse, { status, body }: ServiceAnswer): void {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.1',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify(body));
}

/** `undefined` for a body that is too long, which is read to its end nevertheless, so that the answer is heard. */
async function read(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}
