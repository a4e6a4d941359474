import { SetupError } from './setup-error';

/** Names and codes of errors after which no connection had come about. */
export const connecting = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/** Names of errors of an identity that may not do what it asked for. */
export const permissionDenied = new Set(['AccessDeniedException', 'AccessDenied']);

export interface ErrorContext {
  /** What was called for: `stream clicks`, `stack clickstream-dev-stream`. */
  readonly target: string;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
  readonly profile?: string | undefined;
  /** What the identity has to be allowed, for the advice when it is not. */
  readonly permissions: string;
}

/** A sentence on what went wrong and one on what to do. */
export function explainAwsError(error: Error, context: ErrorContext): string {
  if (error instanceof SetupError) return error.message;
  const where = context.endpoint ?? (context.region ? `region ${context.region}` : 'AWS');
  const login = context.profile ? `aws sso login --profile ${context.profile}` : 'aws sso login';
  if (connecting.has(stringOf(error, 'code')) || connecting.has(error.name)) {
    return `cannot reach ${where} (${error.message || error.name}). Check --region, --endpoint-url and the network; with --local, is "npm start" running?`;
  }
  if (/region is missing/i.test(error.message)) {
    return 'no region is set. Pass --region, set AWS_REGION, or give the profile a region.';
  }
  switch (error.name) {
    case 'CredentialsProviderError':
    case 'TokenProviderError':
      return `no usable AWS credentials (${error.message}). Set AWS_PROFILE or pass --profile; for single sign-on run: ${login}`;
    case 'ResourceNotFoundException':
      return `${context.target} was not found in ${where} (${error.message}). Check the name, --region and the account, or pass --stack with the stack's name.`;
    case 'AccessDeniedException':
    case 'AccessDenied':
      return `access to ${context.target} is denied (${error.message}). The identity needs ${context.permissions}.`;
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

/** A property of an error if it is a string, else an empty one. */
export function stringOf(error: Error, property: string): string {
  const value: unknown = Reflect.get(error, property);
  return typeof value === 'string' ? value : '';
}

/** An AWS error as a `SetupError` for the person who asked; a `SetupError`, or what is no error, as it is. */
export function explained(error: unknown, context: ErrorContext): unknown {
  if (!(error instanceof Error) || error instanceof SetupError) return error;
  return new SetupError(explainAwsError(error, context), { cause: error });
}
