import type { DeliveryStreamSpec } from '../deployment';
import type { Targets } from './event-source-mapping';
import {
  booleanOf,
  checkProperties,
  harmless,
  numberOf,
  objectOf,
  objectsOf,
  only,
  type Place,
  refuse,
  textOf,
} from './settings';
import type { JsonObject } from './template';

/** What transforms the records of a delivery stream; undefined where nothing does. */
export function readProcessor(
  at: Place,
  destination: JsonObject,
  targets: Targets,
): DeliveryStreamSpec['processor'] {
  const [processingPlace, processing] = objectOf(at, destination, 'ProcessingConfiguration');
  checkProperties(processingPlace, processing, { Enabled: 'handled', Processors: 'handled' });
  // Left out, `Enabled` is false: Firehose then ignores the processors.
  if (!booleanOf(processingPlace, processing, 'Enabled', false)) return undefined;
  const processors = objectsOf(processingPlace, processing, 'Processors');
  const [first, ...others] = processors;
  if (first === undefined) return undefined;
  if (others.length > 0)
    refuse(processingPlace, 'Processors', processing.Processors, 'one processor of type Lambda');
  const [place, settings] = first;
  checkProperties(place, settings, {
    Type: only(['Lambda'], 'no other processors here'),
    Parameters: 'handled',
  });

  const parameters: JsonObject = Object.fromEntries(
    objectsOf(place, settings, 'Parameters').map(([parameterPlace, parameter]) => [
      textOf(parameterPlace, parameter, 'ParameterName'),
      parameter.ParameterValue,
    ]),
  );
  const parametersPlace = { ...place, path: `${place.path}Parameters.` };
  checkProperties(parametersPlace, parameters, {
    LambdaArn: 'handled',
    NumberOfRetries: 'handled',
    BufferSizeInMBs: 'handled',
    BufferIntervalInSeconds: 'handled',
    RoleArn: harmless('the laptop checks no permissions'),
  });
  const functionArn = textOf(parametersPlace, parameters, 'LambdaArn').replace(/:\$LATEST$/, '');
  return {
    functionArn:
      targets.functionArns.get(functionArn) ??
      refuse(parametersPlace, 'LambdaArn', functionArn, 'a function of the templates (no version, no alias)'),
    bufferSizeMiB: numberOf(parametersPlace, parameters, 'BufferSizeInMBs', {
      min: 0.2,
      max: 3,
      byDefault: 1,
      fractions: true,
    }),
    bufferIntervalSeconds: numberOf(parametersPlace, parameters, 'BufferIntervalInSeconds', {
      min: 0,
      max: 900,
      byDefault: 60,
    }),
    retries: numberOf(parametersPlace, parameters, 'NumberOfRetries', { min: 0, max: 300, byDefault: 3 }),
  };
}
