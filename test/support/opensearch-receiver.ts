import type { Exchange } from '../../local/firehose/destinations/exchange';

export interface OpenSearchOptions {
  /** The error of a document at its n-th attempt, from 1; undefined indexes it. */
  readonly refuse?: (
    document: object,
    attempt: number,
  ) => { readonly status: number; readonly type: string; readonly reason: string } | undefined;
  /** Answers the n-th request as a whole. */
  readonly fail?: (count: number) => { readonly status: number; readonly body: string } | undefined;
}

/**
 * A domain's bulk API: action and document in turn, one line each; an item for each in the answer; a document of an id that
 * is there is replaced (OpenSearch docs: "Bulk"; an id has 512 bytes at the most).
 */
export function createOpenSearchReceiver({ refuse, fail }: OpenSearchOptions = {}) {
  const violations: string[] = [];
  /** By `index/id`. */
  const documents = new Map<string, object>();
  const attempts = new Map<string, number>();
  const requests: { readonly index: string; readonly id: string | undefined }[][] = [];
  let ids = 0;

  const index = (action: { _index: string; _id?: string }, document: object) => {
    const { _index, _id = `made-${ids++}` } = action;
    const key = `${_index}/${_id}`;
    const attempt = (attempts.get(key) ?? 0) + 1;
    attempts.set(key, attempt);
    const error = refuse?.(document, attempt);
    if (error) {
      const { status, type, reason } = error;
      return { index: { _index, _id, status, error: { type, reason } } };
    }
    const wasThere = documents.has(key);
    documents.set(key, document);
    return {
      index: { _index, _id, result: wasThere ? 'updated' : 'created', status: wasThere ? 200 : 201 },
    };
  };

  const exchange: Exchange = async ({ url, headers, body }) => {
    if (url.pathname !== '/_bulk') violations.push(`path ${url.pathname}`);
    if (headers['content-type'] !== 'application/x-ndjson')
      violations.push(`type ${headers['content-type']}`);
    const text = body.toString();
    if (!text.endsWith('\n')) violations.push('the last line is not ended');
    const lines = text.slice(0, -1).split('\n');
    const actions: { index: string; id: string | undefined }[] = [];
    const failure = fail?.(requests.length + 1);
    requests.push(actions);
    const answered = (status: number, answer: string) => ({
      ...{ status, headers: {}, isTooLarge: false },
      body: Buffer.from(answer),
    });
    if (failure) return answered(failure.status, failure.body);
    const items: { readonly index: { readonly error?: object } }[] = [];
    for (let at = 0; at < lines.length; at += 2) {
      const action = JSON.parse(lines[at]!);
      if (Object.keys(action).join() !== 'index') return answered(400, `Malformed action line [${at + 1}]`);
      const { _index, _id } = action.index;
      if (_id !== undefined && Buffer.byteLength(_id) > 512) violations.push('id of more than 512 bytes');
      if (!/^[a-z0-9][a-z0-9_.-]*$/.test(_index)) violations.push(`index ${_index}`);
      actions.push({ index: _index, id: _id });
      items.push(index(action.index, JSON.parse(lines[at + 1]!)));
    }
    const errors = items.some((item) => item.index.error !== undefined);
    return answered(200, JSON.stringify({ took: 3, errors, items }));
  };
  return { exchange, documents, requests, violations };
}
