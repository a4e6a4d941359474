import { Aws } from 'aws-cdk-lib';
import { type IPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

/**
 * Lambda as whoever assumes a function's role, on behalf of this account only (AWS docs: The confused deputy problem).
 * Firehose's role has no such condition: decision 15 says why.
 */
export function lambdaPrincipal(): IPrincipal {
  return new ServicePrincipal('lambda.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
}
