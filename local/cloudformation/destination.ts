import type { DestinationSpec } from '../deployment';
import {
  booleanOf,
  checkProperties,
  harmless,
  numberOf,
  objectOf,
  objectsOf,
  oneOf,
  only,
  optionalTextOf,
  type Place,
  type Rules,
  refuse,
  textOf,
} from './settings';
import type { JsonObject } from './template';

/** A destination other than S3, as a template has it. */
export interface DeclaredDestination {
  readonly place: Place;
  readonly configuration: JsonObject;
  readonly read: (place: Place, configuration: JsonObject) => DestinationSpec;
}

const role = harmless('the laptop checks no permissions');

/** Of every destination; bounds and defaults are those of the Firehose API. */
const common: Rules = {
  BufferingHints: 'handled',
  RetryOptions: 'handled',
  ProcessingConfiguration: 'handled',
  S3Configuration: 'handled',
  SecretsManagerConfiguration: 'handled',
  CloudWatchLoggingOptions: harmless('there is no CloudWatch here'),
  RoleARN: role,
};

const readers: Readonly<Record<string, DeclaredDestination['read']>> = {
  HttpEndpointDestinationConfiguration: readHttpEndpoint,
};

/** The properties of a delivery stream that name a destination which is delivered to here. */
export const destinationProperties = Object.keys(readers);

/** The destination of a delivery stream; undefined where it has none but S3. */
export function declaredDestination(place: Place, properties: JsonObject): DeclaredDestination | undefined {
  const [property, ...others] = destinationProperties.filter((name) => properties[name] !== undefined);
  if (property === undefined) return undefined;
  if (others.length > 0) refuse(place, others[0]!, properties[others[0]!], 'one destination');
  const [at, configuration] = objectOf(place, properties, property);
  return { place: at, configuration, read: readers[property]! };
}

function readHttpEndpoint(place: Place, configuration: JsonObject): DestinationSpec {
  checkProperties(place, configuration, {
    ...common,
    EndpointConfiguration: 'handled',
    RequestConfiguration: 'handled',
    S3BackupMode: only(['FailedDataOnly'], 'what was delivered is not kept again'),
  });
  const [endpointPlace, endpoint] = objectOf(place, configuration, 'EndpointConfiguration');
  checkProperties(endpointPlace, endpoint, {
    Url: harmless('DESTINATION_ENDPOINT stands in its place'),
    Name: harmless('a label'),
  });
  const [requestPlace, request] = objectOf(place, configuration, 'RequestConfiguration');
  checkProperties(requestPlace, request, { ContentEncoding: 'handled', CommonAttributes: 'handled' });
  const encoding = oneOf(requestPlace, request, 'ContentEncoding', ['GZIP', 'NONE'], 'NONE');
  const attributes = objectsOf(requestPlace, request, 'CommonAttributes').map(
    ([at, attribute]) =>
      [textOf(at, attribute, 'AttributeName'), textOf(at, attribute, 'AttributeValue')] as const,
  );
  return {
    kind: 'http-endpoint',
    ...readBuffering(place, configuration, { maxMiB: 64, maxSeconds: 900, seconds: 300 }),
    retrySeconds: readRetry(place, configuration, 300),
    compresses: encoding === 'GZIP',
    commonAttributes: Object.fromEntries(attributes),
    hasSecret: readSecret(place, configuration),
  };
}

function readBuffering(
  place: Place,
  configuration: JsonObject,
  { maxMiB, maxSeconds, seconds }: Readonly<Record<'maxMiB' | 'maxSeconds' | 'seconds', number>>,
) {
  const [at, hints] = objectOf(place, configuration, 'BufferingHints');
  checkProperties(at, hints, { SizeInMBs: 'handled', IntervalInSeconds: 'handled' });
  return {
    bufferSizeMiB: numberOf(at, hints, 'SizeInMBs', { min: 1, max: maxMiB, byDefault: 5 }),
    bufferIntervalSeconds: numberOf(at, hints, 'IntervalInSeconds', {
      min: 0,
      max: maxSeconds,
      byDefault: seconds,
    }),
  };
}

function readRetry(place: Place, configuration: JsonObject, byDefault: number): number {
  const [at, retry] = objectOf(place, configuration, 'RetryOptions');
  checkProperties(at, retry, { DurationInSeconds: 'handled' });
  return numberOf(at, retry, 'DurationInSeconds', { min: 0, max: 7_200, byDefault });
}

/** Whether there is one: what it holds, the laptop is told. */
function readSecret(place: Place, configuration: JsonObject): boolean {
  const [at, secret] = objectOf(place, configuration, 'SecretsManagerConfiguration');
  checkProperties(at, secret, { Enabled: 'handled', SecretARN: 'handled', RoleARN: role });
  if (!booleanOf(at, secret, 'Enabled', false)) return false;
  return optionalTextOf(at, secret, 'SecretARN') !== undefined || refuse(at, 'SecretARN', undefined, 'text');
}
