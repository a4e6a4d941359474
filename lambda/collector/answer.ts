/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** Why a request as a whole is not taken, as the caller reads it. */
export interface Refusal {
  readonly status: 400 | 403 | 404 | 405 | 413 | 415 | 429 | 503 | 504;
  readonly error: string;
  /** What would be taken instead. */
  readonly allowed?: string;
  readonly retryAfterSeconds?: number;
}

export function refused({ status, error, allowed, retryAfterSeconds }: Refusal): Answer {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) };
  return json(status, { error, ...(allowed !== undefined && { allowed }) }, headers);
}

/** An event that is not taken, by its place among the request's. */
export interface RejectedEvent {
  readonly index: number;
  readonly reason: string;
}

/** Kinesis has acknowledged all events but the rejected ones. */
export function taken(accepted: number, rejected: readonly RejectedEvent[]): Answer {
  return rejected.length === 0 ? { status: 204, headers: {} } : json(200, { accepted, rejected });
}

function json(status: number, body: object, headers: Readonly<Record<string, string>> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  };
}
