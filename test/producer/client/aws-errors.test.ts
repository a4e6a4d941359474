import { classifyAwsError } from '../../../producer/client/aws-errors';
import { awsError, networkError } from '../fake-kinesis';

function named(name: string, message = 'said so'): Error {
  return Object.assign(new Error(message), { name });
}

describe('an error of AWS', () => {
  it.each([
    ['throttled', awsError('ProvisionedThroughputExceededException', 400)],
    ['throttled', awsError('KMSThrottlingException', 400)],
    ['throttled', awsError('KMSAccessDeniedException', 400)],
    ['throttled', awsError('KMSDisabledException', 400)],
    ['throttled', awsError('KMSInvalidStateException', 400)],
    ['throttled', awsError('KMSNotFoundException', 400)],
    ['throttled', awsError('KMSOptInRequired', 400)],
    ['throttled', awsError('ResourceInUseException', 400)],
    ['throttled', awsError('Whatever', 429)],
    ['unanswered', awsError('InternalFailure', 500)],
    ['unanswered', awsError('ServiceUnavailable', 503)],
    ['unanswered', named('TimeoutError')],
    ['unanswered', networkError('ECONNRESET')],
    ['unanswered', networkError('EPIPE')],
    ['unreachable', networkError('ECONNREFUSED')],
    ['unreachable', networkError('ENOTFOUND')],
    ['refused', awsError('ResourceNotFoundException', 400)],
    ['refused', awsError('AccessDeniedException', 400)],
    ['refused', awsError('ExpiredTokenException', 400)],
    ['refused', awsError('UnknownError', 413)],
    ['refused', named('CredentialsProviderError')],
    ['unanswered', awsError('SyntaxError', 200)],
    ['not_aws', new TypeError('x is undefined')],
  ])('is %s: %s', (kind, error) => {
    expect(classifyAwsError(error)).toBe(kind);
  });
});
