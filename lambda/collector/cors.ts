import type { Answer } from './answer';
import type { CollectorRequest } from './request';

/** How long a browser may remember what a preflight said. Chromium cuts it to two hours, Firefox keeps a day. */
const preflightSeconds = 86_400;

/**
 * Whether a page of the request's origin may send. Who is no browser names none, and could name any: the list keeps
 * other people's pages out, not programs. A page at the endpoint's own address always may.
 */
export function isAllowed(
  { origin, host }: Pick<CollectorRequest, 'origin' | 'host'>,
  origins: ReadonlySet<string>,
): boolean {
  if (origin === undefined || origins.has(origin)) return true;
  return host !== '' && (origin === `https://${host}` || origin === `http://${host}`);
}

/** Lets the page read the answer, and the browser send no cookies with its request. */
export function withCors({ origin }: Pick<CollectorRequest, 'origin'>, answer: Answer): Answer {
  if (origin === undefined) return answer;
  const cors = {
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'retry-after',
    vary: 'origin',
  };
  return { ...answer, headers: { ...answer.headers, ...cors } };
}

/** What a browser asks before it sends `application/json`; `text/plain` it sends at once. */
export const preflightAnswer: Answer = {
  status: 204,
  headers: {
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'content-type',
    'access-control-max-age': String(preflightSeconds),
  },
};
