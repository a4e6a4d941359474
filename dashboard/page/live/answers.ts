import type { ApiError } from '../../../query/answers';

/** What a question got: an answer (the same object if nothing has changed), a reason why not, or no word at all. */
export type Outcome<Answer> =
  | { readonly kind: 'answer'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly error: ApiError }
  | { readonly kind: 'silence' };

interface Kept {
  readonly etag: string | undefined;
  readonly answer: unknown;
}

/** Of the latest questions: going back shows at once what was there. */
const kept = new Map<string, Kept>();
const mostKept = 200;
const asked = new Map<string, Promise<Outcome<unknown>>>();

/** A server that takes longer is as good as away. */
const patienceMs = 20_000;

export function keptAnswer<Answer>(path: string): Answer | undefined {
  return kept.get(path)?.answer as Answer | undefined;
}

/** Asks the API, once at a time for a path; an answer that has not changed is not sent, and not parsed, again. */
export function ask<Answer>(path: string): Promise<Outcome<Answer>> {
  let outcome = asked.get(path);
  if (!outcome) {
    outcome = askServer(path).finally(() => asked.delete(path));
    asked.set(path, outcome);
  }
  return outcome as Promise<Outcome<Answer>>;
}

async function askServer(path: string): Promise<Outcome<unknown>> {
  const before = kept.get(path);
  try {
    const response = await fetch(path, {
      headers: before?.etag ? { 'if-none-match': before.etag } : {},
      signal: AbortSignal.timeout(patienceMs),
    });
    if (response.status === 304 && before) return { kind: 'answer', answer: before.answer };
    const body: unknown = await response.json();
    if (!response.ok) return { kind: 'refused', error: body as ApiError };
    keep(path, { etag: response.headers.get('etag') ?? undefined, answer: body });
    return { kind: 'answer', answer: body };
  } catch {
    // Not reached, cut off, or something that is not the API's: a proxy's page, say.
    return { kind: 'silence' };
  }
}

function keep(path: string, answer: Kept): void {
  kept.delete(path);
  kept.set(path, answer);
  if (kept.size > mostKept) kept.delete(kept.keys().next().value!);
}
