import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Emulator } from '../../emulators/emulator';
import { listen } from '../../emulators/listen';
import { endToEndHeaders, readBody } from './http';
import type { WireAnswer, WireRequest } from './wire';

/** What is done with one request: its answer, or an end of the connection after so much of the answer. */
export type Reaction =
  | { readonly kind: 'answer'; readonly answer: WireAnswer }
  | { readonly kind: 'cut'; readonly answer?: WireAnswer };

export interface ProxyOptions {
  /** On 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Name of the service, for messages. */
  readonly service: string;
  readonly react: (request: WireRequest) => Promise<Reaction>;
}

/** Listens in place of a service, and reads each request whole before it is decided what happens to it. */
export async function startProxy({ port, service, react }: ProxyOptions): Promise<Emulator> {
  const server = createServer((incoming, response) => {
    // Where that fails, the service is going, or the client has gone: nobody is owed an answer.
    serve(incoming, response, react).catch(() => incoming.socket.destroy());
  });
  // A large upload may wait for long behind slow answers.
  server.requestTimeout = 0;
  return {
    endpoint: await listen(server, port, service),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  incoming: IncomingMessage,
  response: ServerResponse,
  react: ProxyOptions['react'],
): Promise<void> {
  const body = await readBody(incoming);
  if (!body) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const { method = 'GET', url = '/', headers } = incoming;
  const reaction = await react({ method, url, headers, body });
  if (reaction.kind === 'answer') {
    respond(response, method, reaction.answer);
    response.end(reaction.answer.body);
    return;
  }
  if (reaction.answer) {
    const { body: whole } = reaction.answer;
    respond(response, method, reaction.answer);
    const half = whole.subarray(0, Math.ceil(whole.length / 2));
    await new Promise((resolve) => (half.length > 0 ? response.write(half, resolve) : resolve(undefined)));
  }
  incoming.socket.destroy();
}

function respond(response: ServerResponse, method: string, { status, headers, body }: WireAnswer): void {
  // The answer to a HEAD tells the length of a body that it does not have.
  const length = method === 'HEAD' ? headers['content-length'] : String(body.length);
  response.writeHead(status, {
    ...endToEndHeaders(headers),
    ...(length === undefined ? {} : { 'content-length': String(length) }),
  });
}
