import type { LambdaFunction } from '../function-runtime/lambda-function';
import { tooManyRequests } from '../metrics/measured-function';
import { type UrlAnswer, type UrlRequest, urlAnswer, urlEvent } from './url-event';

/** What Lambda itself answers with. */
export const urlError = (status: number, message: string): UrlAnswer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ Message: message })),
});

export const internalError = urlError(502, 'Internal Server Error');

/** Has a function answer a request, as its URL does; Lambda answers in its place where it cannot. */
export async function invokeByUrl(
  target: Pick<LambdaFunction, 'invoke'>,
  request: UrlRequest,
): Promise<UrlAnswer> {
  try {
    const invocation = await target.invoke(JSON.stringify(urlEvent(request)));
    const answered = invocation.kind === 'returned' ? urlAnswer(invocation.payload) : undefined;
    return answered ?? internalError;
  } catch (reason) {
    if (reason instanceof Error && reason.name === tooManyRequests) return urlError(429, 'Too Many Requests');
    throw reason;
  }
}
