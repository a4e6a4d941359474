import { readFileSync } from 'node:fs';
import type {
  IPolicyValidationContext,
  IPolicyValidationPlugin,
  PolicyValidationPluginReport,
} from 'aws-cdk-lib';

interface Template {
  readonly Resources?: Readonly<
    Record<string, { Type: string; Properties?: Readonly<Record<string, unknown>> }>
  >;
}

/**
 * Fails the synthesis of an event source mapping that could process a shard out of order.
 *
 * The counters are exact because what stands at or before the tail of a shard's log has been counted, and what stands
 * behind it has not. That holds while a shard is read by one invocation at a time; with a parallelization factor above 1 a
 * later record may overtake, and the earlier one would be dropped as already counted. The check reads the finished templates, so that
 * it sees a value whichever way it came in.
 */
export class ShardOrderCheck implements IPolicyValidationPlugin {
  readonly name = 'ShardOrder';

  validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const violatingResources = context.stackTemplates.flatMap(({ templatePath }) => {
      const template: Template = JSON.parse(readFileSync(templatePath, 'utf8'));
      return Object.entries(template.Resources ?? {})
        .filter(([, { Type }]) => Type === 'AWS::Lambda::EventSourceMapping')
        .filter(([, { Properties }]) => Properties?.ParallelizationFactor !== 1)
        .map(([resourceLogicalId]) => ({
          resourceLogicalId,
          templatePath,
          locations: ['Properties/ParallelizationFactor'],
        }));
    });
    if (violatingResources.length === 0) return { success: true, violations: [] };
    return {
      success: false,
      violations: [
        {
          ruleName: 'ParallelizationFactorIsOne',
          description:
            'An event source mapping must process a shard in order: the counters are exact only then',
          fix: 'Set ParallelizationFactor to 1, and scale with shards',
          severity: 'error',
          violatingResources,
        },
      ],
    };
  }
}
