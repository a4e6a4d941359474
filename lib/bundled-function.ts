import { AssetHashType, Stack } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  Code,
  type FunctionProps,
  Function as LambdaFunction,
  Runtime,
} from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { FunctionEnvironment } from '../domain/function/function-log';
import { type BrowserFile, bundleForBrowsers, bundleInto, functionBundling } from './function-bundling';
import { loggingRole } from './function-role';
import { policyOf } from './role-policy';
import type { Settings } from './settings';

/** A value for each variable of a function's contract: one that is forgotten does not compile. */
export type EnvironmentOf<Names extends Readonly<Record<string, string>>> = Readonly<
  Record<Names[keyof Names], string>
>;

export interface BundledFunctionProps
  extends Required<Pick<FunctionProps, 'description' | 'memorySize' | 'timeout'>> {
  /** The file that exports `handler`. */
  readonly entry: string;
  /** What it gives out to browsers, beside its own code. @default none */
  readonly browserFiles?: readonly BrowserFile[];
  /** Concurrent invocations reserved for the function, which are also its limit; 0 reserves none. */
  readonly reservedConcurrency: number;
  /** In addition to the deployment's names, which every function gets. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  readonly settings: Settings;
}

// Pinned, so that an upgrade is somebody's tested change and not a side effect of a CDK release.
const runtime = Runtime.NODEJS_24_X;

function bundled(entry: string, files: readonly BrowserFile[]): Code {
  return Code.fromAsset(functionBundling.absWorkingDir, {
    // What is deployed decides; a change beside the function is none of it.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      local: {
        tryBundle: (directory) => {
          bundleInto(directory, entry);
          for (const file of files) bundleForBrowsers(directory, file);
          return true;
        },
      },
      // CDK bundles once for all options that look alike, and does not look into `local`: this tells functions apart.
      command: [entry],
      // Has to be named, and is never asked for.
      image: runtime.bundlingImage,
    },
  });
}

/**
 * A function from one TypeScript entry that exports `handler`, with a log group and a role of its own. The role may
 * write to that log group and nothing else; whoever creates the function adds what the handler needs.
 */
export class BundledFunction extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;
  readonly logGroup: ILogGroup;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);

    const { role, logGroup } = loggingRole(this, props.settings);
    this.role = role;
    this.logGroup = logGroup;

    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: bundled(props.entry, props.browserFiles ?? []),
      handler: 'index.handler',
      runtime,
      architecture: Architecture.ARM_64,
      memorySize: props.memorySize,
      timeout: props.timeout,
      role: this.role,
      logGroup,
      environment: {
        [FunctionEnvironment.project]: props.settings.name,
        [FunctionEnvironment.stage]: props.settings.stage,
        ...props.environment,
      },
      // Left out rather than 0, which would stop the function.
      ...(props.reservedConcurrency > 0 && { reservedConcurrentExecutions: props.reservedConcurrency }),
    });
    // CDK depends on the role as well, which the function names anyway; a linter takes that for a mistake.
    const resource = this.function.node.defaultChild as CfnFunction;
    resource.addOverride('DependsOn', [Stack.of(this).getLogicalId(policyOf(this.role))]);
  }
}
