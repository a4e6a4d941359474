import { connecting, type ErrorContext, explainAwsError, stringOf } from '../cli/explain-aws-error';
import { SetupError } from '../cli/setup-error';
import { LogGapError } from '../table/pending-log';

const credentialErrors = new Set(['CredentialsProviderError', 'TokenProviderError', 'TimeoutError']);

/** For the API of a table: what AWS, the network or the table's log refuses, and what to do; undefined for all else. */
export function tableExplainer(context: ErrorContext): (error: unknown) => string | undefined {
  return (error) => {
    if (!(error instanceof Error)) return undefined;
    if (error instanceof LogGapError || error instanceof SetupError) return error.message;
    const isOfService = '$metadata' in error || credentialErrors.has(error.name);
    const isOfNetwork = connecting.has(stringOf(error, 'code'));
    return isOfService || isOfNetwork ? explainAwsError(error, context) : undefined;
  };
}
