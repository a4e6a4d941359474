import type { FunctionUrlSpec } from '../deployment';
import type { Targets } from './event-source-mapping';
import type { ResolvedResource } from './resource';
import { checkProperties, only, type Rules, refuse, refused, textOf } from './settings';

const rules: Rules = {
  TargetFunctionArn: 'handled',
  AuthType: only(['NONE'], 'the laptop checks no signatures'),
  InvokeMode: only(['BUFFERED'], 'answers are sent whole'),
  Cors: refused('the function answers for itself'),
  Qualifier: refused('a function has no versions here'),
};

/** Reads the address of a function. */
export function readFunctionUrl(
  { place, properties }: ResolvedResource,
  { functionArns }: Targets,
): FunctionUrlSpec {
  checkProperties(place, properties, rules);
  const target = textOf(place, properties, 'TargetFunctionArn');
  const functionArn = functionArns.get(target);
  return {
    functionArn: functionArn ?? refuse(place, 'TargetFunctionArn', target, 'a function of the templates'),
  };
}
