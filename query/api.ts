import { windowMs } from '../domain/counters/window';
import { etagOf } from '../domain/http/etag';
import { csvText } from '../report/csv';
import type { ApiError, Span } from './answers';
import type { Endpoint } from './endpoint';
import { endpoints } from './endpoints';
import { ParameterError, readParameters } from './parameters';
import type { ApiOptions, ApiPorts } from './ports';
import { sharedViews } from './views';

export interface ApiRequest {
  readonly method: string;
  /** Without the query: `/api/top`. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Answers any request, and never throws. */
export type Api = (request: ApiRequest) => Promise<ApiResponse>;

/** The query API. Its requests share what they read of the table. */
export function createApi(options: ApiOptions): Api {
  const { table, now, settings } = options;
  const views = sharedViews({ table, now, retentionDays: settings.retentionDays });
  const ports: ApiPorts = { ...options, views };
  return async (request) => {
    const answer = await answerTo(request, ports);
    return request.method === 'HEAD' ? { ...answer, body: '' } : answer;
  };
}

async function answerTo(request: ApiRequest, ports: ApiPorts): Promise<ApiResponse> {
  const endpoint = endpoints.find(({ path }) => path === request.path);
  if (!endpoint) {
    const allowed = endpoints.map(({ path }) => path).join(', ');
    return failure(404, { error: 'there is nothing at this path', allowed });
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    const answer = failure(405, { error: 'the method is not allowed here', allowed: 'GET, HEAD' });
    return { ...answer, headers: { ...answer.headers, allow: 'GET, HEAD' } };
  }
  try {
    const given = readParameters(request.query, endpoint.parameters);
    const format = endpoint.csv && given.oneOf('format', ['json', 'csv']);
    const answer = await endpoint.read(given, ports);
    return success(request, endpoint, answer, format === 'csv', ports.now());
  } catch (error) {
    if (error instanceof ParameterError) {
      return failure(400, { error: error.message, allowed: error.allowed });
    }
    const explanation = ports.explain(error);
    return explanation === undefined
      ? failure(500, { error: 'the request could not be answered' })
      : failure(503, { error: explanation });
  }
}

function success(
  { headers }: ApiRequest,
  { answer: name, csv }: Endpoint,
  answer: object,
  asCsv: boolean,
  now: number,
): ApiResponse {
  const table = asCsv ? csv?.(answer) : undefined;
  const body = table ? csvText(table.columns, table.rows) : JSON.stringify(answer);
  const etag = etagOf(body);
  const caching = { etag, 'cache-control': cacheControl(answer, now), vary: 'authorization' };
  if (isKnown(headers['if-none-match'], etag)) return { status: 304, headers: caching, body: '' };
  const type = table ? 'text/csv; charset=utf-8; header=present' : 'application/json; charset=utf-8';
  const file = table ? { 'content-disposition': `attachment; filename="${name.toLowerCase()}.csv"` } : {};
  return { status: 200, headers: { 'content-type': type, ...file, ...caching }, body };
}

function isKnown(known: string | undefined, etag: string): boolean {
  return (known ?? '')
    .split(',')
    .some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*');
}

/** After this, only events that come late, repairs and corrections change a range. */
const changingMs = windowMs.day;

/** No range is beyond every change, so that none is cached for good. */
function cacheControl(answer: object, now: number): string {
  const { to } = answer as Partial<Span>;
  const isOver = to !== undefined && Date.parse(to) < now - changingMs;
  return isOver ? 'private, max-age=300' : 'private, no-cache';
}

function failure(status: number, body: ApiError): ApiResponse {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}
