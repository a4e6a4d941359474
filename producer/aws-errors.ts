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
  'KMSThrottlingException',
  'LimitExceededException',
  'RequestLimitExceeded',
  'Throttling',
  'ThrottlingException',
  'TooManyRequestsException',
  // The stream is being created or changed.
  'ResourceInUseException',
]);

const connecting = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

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

export interface ErrorContext {
  /** What was called for: `stream clicks`, `stack Clicks-Stream`. */
  readonly target: string;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly profile?: string | undefined;
}

/** A sentence on what went wrong and one on what to do. */
export function explainAwsError(error: Error, context: ErrorContext): string {
  const where = context.endpoint ?? (context.region ? `region ${context.region}` : 'AWS');
  const login = context.profile ? `aws sso login --profile ${context.profile}` : 'aws sso login';
  if (connecting.has(stringOf(error, 'code')) || connecting.has(error.name)) {
    return `cannot reach ${where} (${error.message}). Check --region, --endpoint-url and the network; with --local, is "npm start" running?`;
  }
  if (/region is missing/i.test(error.message)) {
    return 'no region is set. Pass --region, set AWS_REGION, or give the profile a region.';
  }
  switch (error.name) {
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return `no usable AWS credentials (${error.message}). Set AWS_PROFILE or pass --profile; for single sign-on run: ${login}`;
    case 'ResourceNotFoundException':
      return `${context.target} was not found in ${where}. Check the name and --region, or pass --stack with the stack's name.`;
    case 'AccessDeniedException':
    case 'AccessDenied':
      return `access to ${context.target} is denied (${error.message}). The identity needs kinesis:PutRecords on the stream, and cloudformation:DescribeStacks for --stack.`;
    case 'ExpiredTokenException':
    case 'ExpiredToken':
      return `the AWS credentials have expired. Renew them (for single sign-on: ${login}) and run again.`;
    case 'UnrecognizedClientException':
    case 'InvalidClientTokenId':
    case 'InvalidSignatureException':
    case 'SignatureDoesNotMatch':
    case 'IncompleteSignatureException':
      return `AWS does not accept the credentials (${error.message}). Check the access key, the profile and this machine's clock.`;
    default:
      return `${context.target}: ${error.name}: ${error.message}`;
  }
}

function httpStatusOf(error: Error): number | undefined {
  const metadata: unknown = Reflect.get(error, '$metadata');
  if (typeof metadata !== 'object' || metadata === null) return undefined;
  const status: unknown = Reflect.get(metadata, 'httpStatusCode');
  return typeof status === 'number' ? status : undefined;
}

function stringOf(error: Error, property: string): string {
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' ? value : '';
}
