import type { IncomingMessage, RequestListener, Server } from 'node:http';

/** What a client on this machine calls it. Any other name may lead here by a name server that a web page has chosen. */
const loopback = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::(\d{1,5}))?$/i;

const names = ['127.0.0.1', 'localhost', '[::1]'];

type Asked = Pick<IncomingMessage, 'method' | 'url' | 'headers' | 'headersDistinct'>;

/** Why a request is for another server than this one, or undefined if it is for this one. */
function misaddressedTo(
  { url = '', headersDistinct }: Pick<Asked, 'url' | 'headersDistinct'>,
  port: number,
): string | undefined {
  // A name that a web page has pointed at this machine (DNS rebinding), or a proxy's request.
  const hosts = headersDistinct.host ?? [];
  const [host = ''] = hosts;
  const named = loopback.exec(host);
  if (hosts.length !== 1 || !named || Number(named[1] ?? 80) !== port) {
    return `the Host is ${quoted(hosts.join(', '))}; allowed: 127.0.0.1:${port}, localhost:${port}, [::1]:${port}`;
  }
  return url.startsWith('/') ? undefined : `the request is for ${quoted(url)}; allowed: a path`;
}

/**
 * Why a request is not for this port, or undefined if it is. Any web page that is open in a browser on this machine can
 * send requests here; but a browser says where they come from, and cannot sign them.
 *
 * @param pages origins of the pages that may: `http://127.0.0.1:4584`
 */
export function refusalOf(
  { method = '', url = '', headers, headersDistinct }: Asked,
  port: number,
  pages: readonly string[] = [],
): string | undefined {
  const misaddressed = misaddressedTo({ url, headersDistinct }, port);
  if (misaddressed !== undefined) return misaddressed;
  const { host } = headers;

  const { origin, 'sec-fetch-site': site } = headers;
  if (origin !== undefined) {
    return pages.includes(origin) ? undefined : `it comes from a web page, of the Origin ${quoted(origin)}`;
  }
  if (site === 'same-origin' && pages.includes(`http://${host}`)) return undefined;
  const isFromAddressBar = site === 'none' && (method === 'GET' || method === 'HEAD');
  if (site !== undefined && !isFromAddressBar) {
    return `it comes from a web page, with Sec-Fetch-Site ${quoted(String(site))}`;
  }
  // All that a form can send without asking before, in a browser so old that it says nothing of itself.
  if (method === 'POST' && !headers.authorization?.startsWith('AWS')) {
    return 'a POST must have an Authorization header with an AWS signature';
  }
  return undefined;
}

/** Which web pages may ask a server: none, its own, or any, if the server itself looks at their origins. */
export type Pages = 'has no page' | 'has a page' | 'serves any page';

/** Lets a server's own handler see only what is for it, and of an Origin nothing unless it looks at origins itself. */
export function admitClientsOnly(server: Server, service: string, admitted: Pages = 'has no page'): void {
  const handlers = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request: IncomingMessage, response) => {
    const port = request.socket.localPort ?? 0;
    const servesAny = admitted === 'serves any page';
    const pages = admitted === 'has a page' ? names.map((name) => `http://${name}:${port}`) : [];
    const refusal = servesAny ? misaddressedTo(request, port) : refusalOf(request, port, pages);
    if (refusal === undefined) {
      if (!servesAny) delete request.headers.origin;
      for (const handler of handlers) handler.call(server, request, response);
      return;
    }
    const message = `Refused, since ${refusal}.`;
    const isXml = service.toLowerCase() === 's3';
    const code = 'AccessDenied';
    const body = isXml
      ? `<Error><Code>${code}</Code><Message>${escapedXml(message)}</Message></Error>`
      : JSON.stringify({ __type: `${code}Exception`, message });
    response.writeHead(403, {
      'content-type': isXml ? 'application/xml' : 'application/x-amz-json-1.1',
      connection: 'close',
    });
    response.end(body);
    // What is still to come of its body is dropped, or the answer might not be heard.
    request.resume();
  });
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 200));

const escapedXml = (text: string): string =>
  text.replace(/[<>&]/g, (character) => `&#${character.charCodeAt(0)};`);
