import { Aws } from 'aws-cdk-lib';
import { type IPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';

/**
 * A service of AWS as whoever assumes a role, on behalf of this account only: otherwise anybody's function or delivery
 * stream that is told the role's ARN could have the service assume it (AWS docs: The confused deputy problem).
 */
export function servicePrincipal(service: 'lambda' | 'firehose'): IPrincipal {
  return new ServicePrincipal(`${service}.amazonaws.com`, {
    conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
  });
}
