import { ExtensionOutputs, StackOutputs } from '../../contract/stack-outputs';
import { seededRandom } from '../../domain/numbers/random';
import type { Clock } from '../clock';
import type { Deployment } from '../deployment';
import type { LambdaFunction } from '../function-runtime/lambda-function';
import { tooManyRequests } from '../metrics/measured-function';
import { drawnRule } from './fault';
import type { InjectionLog } from './injection-log';
import type { ChaosProfile, FunctionRole } from './profile';

export interface FunctionDisturbance {
  readonly profile: ChaosProfile;
  readonly seed: string;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly signal: AbortSignal;
  readonly log: InjectionLog;
}

/** The function as everybody invokes it who is exposed to the faults. */
export function disturbedFunction<F extends LambdaFunction>(
  fn: F,
  role: FunctionRole | undefined,
  { profile, seed, clock, signal, log }: FunctionDisturbance,
): F {
  const rules = (profile.functions ?? []).filter((rule) => rule.function === role);
  if (rules.length === 0) return fn;
  let invocations = 0;
  return {
    ...fn,
    invoke: async (eventJson: string) => {
      const n = invocations++;
      const random = seededRandom(`${seed} lambda ${role} ${n}`);
      const rule = drawnRule(rules, random);
      if (!rule) return fn.invoke(eventJson);
      const { kind, delayMs: [least, most] = [0, 0] } = rule;
      log.write({ service: 'lambda', operation: role ?? '', fault: kind, request: n });
      if (kind === 'throttle') throw Object.assign(new Error('Rate Exceeded.'), { name: tooManyRequests });
      if (kind === 'crash')
        return { kind: 'failed', errorType: 'Runtime.ExitError', errorMessage: 'a crash was injected' };
      await clock.sleep(least + random.float() * (most - least), signal);
      return fn.invoke(eventJson);
    },
  };
}

/** What each function is for, by its name, as the outputs of the stacks say it. */
export function rolesOf({ outputs }: Pick<Deployment, 'outputs'>): ReadonlyMap<string, FunctionRole> {
  const nameOf: Readonly<Record<FunctionRole, string>> = {
    aggregator: StackOutputs.aggregation.aggregatorName,
    compactor: StackOutputs.aggregation.compactorName,
    transformer: StackOutputs.archive.transformerName,
    collector: ExtensionOutputs.collector.functionName,
    adapter: ExtensionOutputs.sources.adapterName,
  };
  const roles = Object.keys(nameOf) as FunctionRole[];
  return new Map(
    Object.values(outputs).flatMap((stack) =>
      roles.flatMap((role) => {
        const name = stack[nameOf[role]];
        return name === undefined ? [] : [[name, role] as const];
      }),
    ),
  );
}
