import type { CfnPolicy, Policy, Role } from 'aws-cdk-lib/aws-iam';

/**
 * The policy resource with all that was granted to a role. Who must not exist before its permissions depends on it;
 * the role itself is implied by naming it.
 *
 * @throws Error when nothing has been granted to the role yet.
 */
export function policyOf(role: Role): CfnPolicy {
  const policy = role.node.findChild('DefaultPolicy') as Policy;
  return policy.node.defaultChild as CfnPolicy;
}
