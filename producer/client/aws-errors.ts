import { connecting, stringOf } from '../../cli/explain-aws-error';

export type AwsErrorKind =
  /** Kinesis took nothing, and will later. */
  | 'throttled'
  /** No answer, or a server's error: the request may have been carried out. */
  | 'unanswered'
  /** No connection came about. */
  | 'unreachable'
  /** The same request would get the same answer. */
  | 'refused'
  /** Neither the service's nor the network's: a defect. */
  | 'not_aws';

const throttling = new Set([
  'ProvisionedThroughputExceededException',
  'LimitExceededException',
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  // The stream is being created or changed.
  'ResourceInUseException',
  // What KMS refuses, Kinesis has not taken. A key that was just switched to is not granted everywhere yet, one that
  // was disabled by mistake comes back: no reason to stop before the events' time is over.
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSInvalidStateException',
  'KMSNotFoundException',
  'KMSOptInRequired',
  'KMSThrottlingException',
]);

const network = new Set(['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ERR_STREAM_PREMATURE_CLOSE']);

/** Sorts an error of an SDK call by what may be done about it. */
export function classifyAwsError(error: Error): AwsErrorKind {
  const { name } = error;
  const code = stringOf(error, 'code');
  if (throttling.has(name)) return 'throttled';
  if (connecting.has(code) || connecting.has(name)) return 'unreachable';
  const status = httpStatusOf(error);
  if (name === 'TimeoutError' || network.has(code) || network.has(name)) return 'unanswered';
  if (status === 429) return 'throttled';
  if (status !== undefined && status >= 500) return 'unanswered';
  if (status !== undefined && status >= 400) return 'refused';
  if (name === 'CredentialsProviderError' || name === 'TokenProviderError') return 'refused';
  // A body cut off in the middle fails in the SDK's parser, which attaches the response that it had.
  if (status !== undefined || '$response' in error || '$responseBodyText' in error) return 'unanswered';
  return 'not_aws';
}

function httpStatusOf(error: Error): number | undefined {
  const metadata: unknown = Reflect.get(error, '$metadata');
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const status: unknown = Reflect.get(metadata, 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}
