import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/**
 * A random value that the function and CloudFront share, by which the function knows it. Origin access control would sign
 * requests instead, but wants the hash of a body in a header of the browser's, which no beacon can set (AWS docs: Restrict
 * access to an AWS Lambda function URL origin).
 */
export class OriginProof extends Construct {
  readonly secretArn: string;
  /** The value, as CloudFormation fills it in at a deploy: the template has a reference alone. */
  readonly value: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const secret = new Secret(this, 'Secret', {
      description: 'By which the collector knows its CloudFront',
      generateSecretString: { passwordLength: 48, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'It lets nobody read anything. Both sides take it at a deploy: a rotation in between would part them.',
    });
    this.secretArn = secret.secretArn;
    this.value = secret.secretValue.unsafeUnwrap();
  }
}
