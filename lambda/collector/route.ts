import { type Answer, refused } from './answer';
import { type ClientFile, fileAnswer } from './client-file';
import { isAllowed, preflightAnswer, withCors } from './cors';
import type { CollectorRequest } from './request';

/** Ends the path that events are sent to. */
const eventsPath = '/events';

export interface RoutePorts {
  /** By the end of their paths: `/clicks.js`. */
  readonly files: ReadonlyMap<string, ClientFile>;
  readonly origins: ReadonlySet<string>;
  /** Only what comes by the deployment's CloudFront is answered. */
  readonly onlyCloudFront: boolean;
  readonly collect: (request: CollectorRequest) => Promise<Answer>;
}

/** Answers a request by the end of its path: before it may stand whatever a site has this endpoint under. */
export async function route(request: CollectorRequest, ports: RoutePorts): Promise<Answer> {
  const { method, path } = request;
  if (ports.onlyCloudFront && !request.isFromCloudFront) {
    return refused({
      status: 403,
      error: 'requests come by CloudFront alone',
      allowed: 'the address in the output CollectorUrl',
    });
  }
  const end = path.slice(path.lastIndexOf('/'));
  const file = ports.files.get(end);
  if (file) {
    return method === 'GET' || method === 'HEAD' ? fileAnswer(file, request) : notAllowed('GET, HEAD');
  }
  if (end !== eventsPath) {
    return refused({
      status: 404,
      error: 'there is nothing at this path',
      allowed: [eventsPath, ...ports.files.keys()].join(', '),
    });
  }
  if (method !== 'POST' && method !== 'OPTIONS') return notAllowed('POST, OPTIONS');
  if (!isAllowed(request, ports.origins)) {
    return refused({
      status: 403,
      error: 'pages of this origin may not send here',
      allowed: 'the origins in the setting collectorOrigins',
    });
  }
  return withCors(request, method === 'OPTIONS' ? preflightAnswer : await ports.collect(request));
}

function notAllowed(methods: string): Answer {
  const answer = refused({ status: 405, error: 'the method is not taken', allowed: methods });
  return { ...answer, headers: { ...answer.headers, allow: methods } };
}
