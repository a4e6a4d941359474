import { explainAwsError } from '../../cli/explain-aws-error';
import { awsError, networkError } from '../producer/fake-kinesis';

function named(name: string, message = 'said so'): Error {
  return Object.assign(new Error(message), { name });
}

describe('an error of AWS', () => {
  const context = {
    target: 'stream clicks',
    region: 'eu-west-3',
    profile: 'dev',
    permissions: 'kinesis:PutRecords on it',
  };

  it.each([
    [
      named('CredentialsProviderError', 'none'),
      'Set AWS_PROFILE or pass --profile; for single sign-on run: aws sso login --profile dev',
    ],
    [new Error('Region is missing'), 'no region is set. Pass --region'],
    [
      awsError('ResourceNotFoundException', 400),
      'stream clicks was not found in region eu-west-3 (ResourceNotFoundException said so). Check the name, --region',
    ],
    [
      awsError('AccessDeniedException', 400),
      'access to stream clicks is denied (AccessDeniedException said so). The identity needs kinesis:PutRecords',
    ],
    [awsError('ExpiredTokenException', 400), 'have expired. Renew them'],
    [awsError('UnrecognizedClientException', 400), 'does not accept the credentials'],
    [networkError('ECONNREFUSED'), 'cannot reach region eu-west-3 (connect ECONNREFUSED)'],
    [awsError('Novel', 400), 'stream clicks: Novel: Novel said so'],
  ])('says what to do: %s', (error, advice) => {
    expect(explainAwsError(error, context)).toContain(advice);
  });
});
