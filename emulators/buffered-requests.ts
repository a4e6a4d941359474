import { EventEmitter } from 'node:events';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { targetOf } from './on-answered';

/** The largest that either service takes is a PutRecords of 10 MiB: 14 MB as JSON. */
const longestBodyBytes = 16 * 1024 * 1024;

export type OnBufferedAnswer = (target: string, request: Buffer, status: number, answer: string) => void;

export interface BufferedRequests {
  /** Takes no more requests and resolves when those under way are answered. */
  drain(): Promise<void>;
}

/**
 * Puts a server's own handler behind one that reads the whole request first. kinesalite and dynalite throw
 * out of the event loop when a client goes away in the middle of a body: a producer stopped with Ctrl-C
 * would take the laptop down. They also close their store under requests still being answered; hence `drain`.
 *
 * @param present turns a body into the chunk that the handler is given
 * @param onAnswered called with the target of a request, its body, and the status and body of its answer
 */
export function bufferRequests(
  server: Server,
  present: (body: Buffer) => unknown = (body) => body,
  onAnswered?: OnBufferedAnswer,
): BufferedRequests {
  const [handler] = server.listeners('request') as RequestListener[];
  if (!handler) throw new Error('the server has no request handler');
  let underWay = 0;
  let drained: (() => void) | undefined;
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes <= longestBodyBytes) chunks.push(chunk);
    });
    // The client is gone, and nothing was begun for it.
    request.on('error', () => {});
    request.on('end', () => {
      if (drained) {
        response.destroy();
        return;
      }
      if (bytes > longestBodyBytes) {
        response.writeHead(413).end();
        return;
      }
      underWay += 1;
      response.once('close', () => {
        underWay -= 1;
        if (underWay === 0) drained?.();
      });
      const body = Buffer.concat(chunks);
      const { method, url, headers } = request;
      if (onAnswered) {
        observe(response, (status, answer) =>
          onAnswered(targetOf(headers['x-amz-target']), body, status, answer),
        );
      }
      const whole = Object.assign(new EventEmitter(), { method, url, headers });
      try {
        // The handlers use no more of the request than a method, an address, headers and these events.
        handler.call(server, whole as IncomingMessage, response);
        if (body.length > 0) whole.emit('data', present(body));
        whole.emit('end');
      } catch {
        response.statusCode = 500;
        response.end(JSON.stringify({ __type: 'InternalFailure' }));
      }
    });
  });
  return {
    drain: () =>
      new Promise((resolve) => {
        drained = resolve;
        if (underWay === 0) resolve();
      }),
  };
}

/** Both emulators end an answer with the whole of its body. */
function observe(response: ServerResponse, onEnd: (status: number, body: string) => void): void {
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse;
  response.end = ((...args: unknown[]) => {
    const [body] = args;
    onEnd(response.statusCode, typeof body === 'string' ? body : '');
    return end(...args);
  }) as ServerResponse['end'];
}
