import { type Environment, environmentReader } from '../../domain/function/function-environment';
import { type LogFormat, logFormats, AdapterEnvironment as names } from './contract';

export interface AdapterSettings {
  readonly streamName: string;
  readonly logFormat: LogFormat;
}

/** @throws Error that names the variable, its value and what is allowed */
export function readEnvironment(environment: Environment): AdapterSettings {
  const { text, oneOf } = environmentReader(environment);
  return { streamName: text(names.streamName), logFormat: oneOf(names.logFormat, logFormats) };
}
