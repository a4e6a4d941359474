import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type CfnFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, type NodejsFunctionProps, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionBundling } from './function-bundling';
import { policyOf } from './role-policy';
import type { Settings } from './settings';

export interface BundledFunctionProps
  extends Required<Pick<NodejsFunctionProps, 'description' | 'entry' | 'memorySize' | 'timeout'>> {
  /** @default none but what the runtime needs */
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings: Settings;
}

/**
 * A function from one TypeScript entry that exports `handler`, with a log group and a role of its own. The role may
 * write to that log group and nothing else; whoever creates the function adds what the handler needs.
 */
export class BundledFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);

    // Ours rather than the one Lambda makes by itself: that one keeps logs for ever and outlives the stack.
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.settings.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });

    // Not the managed AWSLambdaBasicExecutionRole, which writes to every log group of the account.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.role.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logGroup.logGroupArn],
      }),
    );

    this.function = new NodejsFunction(this, 'Function', {
      description: props.description,
      entry: props.entry,
      handler: 'handler',
      // Pinned: an upgrade is a change that somebody makes and tests, not one that a CDK release brings.
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize,
      timeout: props.timeout,
      role: this.role,
      logGroup,
      ...(props.environment && { environment: { ...props.environment } }),
      // A setting of the SDK's version 2.
      awsSdkConnectionReuse: false,
      bundling: {
        ...functionBundling,
        mainFields: [...functionBundling.mainFields],
        bundleAwsSDK: true,
        format: OutputFormat.CJS,
      },
    });
    // CDK depends on the role as well, which the function names anyway; a linter takes that for a mistake.
    const resource = this.function.node.defaultChild as CfnFunction;
    resource.addOverride('DependsOn', [Stack.of(this).getLogicalId(policyOf(this.role))]);
  }
}
