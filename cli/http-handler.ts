import { Agent } from 'node:http';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';
import { isReadOnTheWay } from './aws-access';
import { SetupError } from './setup-error';

/**
 * What every client of a command sends its requests through. It refuses plain HTTP to another machine, wherever the
 * address came from: the environment (`AWS_ENDPOINT_URL`, also of one service), the profile (`endpoint_url`), or an
 * option. The SDK's own calls for credentials (STS, single sign-on) go through the handler of the client that needs them.
 *
 * HTTP/1.1 over kept connections: the Kinesis client's own handler opens an HTTP/2 session for each request, and cannot
 * speak to http:// (aws-sdk-js-v3 #8279).
 */
export function httpHandler(options: NodeHttpHandlerOptions = {}): NodeHttpHandler {
  const handler = new NodeHttpHandler({ httpAgent: new Agent({ keepAlive: true }), ...options });
  const handle = handler.handle.bind(handler);
  handler.handle = async (request, handlerOptions) => {
    const { protocol, hostname, port } = request;
    const address = `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`;
    if (isReadOnTheWay(new URL(address))) {
      throw new SetupError(
        `the endpoint ${address}, which AWS_ENDPOINT_URL… or the profile's endpoint_url names, lets anybody on the way read the events and the session token; allowed: https://, or http:// on this machine`,
      );
    }
    return handle(request, handlerOptions);
  };
  return handler;
}
