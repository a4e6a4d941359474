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
  refused,
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
  SplunkDestinationConfiguration: readSplunk,
  AmazonopensearchserviceDestinationConfiguration: readOpenSearch,
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

function readSplunk(place: Place, configuration: JsonObject): DestinationSpec {
  checkProperties(place, configuration, {
    ...common,
    HECEndpoint: harmless('DESTINATION_ENDPOINT stands in its place'),
    HECEndpointType: 'handled',
    HECAcknowledgmentTimeoutInSeconds: 'handled',
    HECToken: refused('keep it in Secrets Manager'),
    S3BackupMode: only(['FailedEventsOnly'], 'what was delivered is not kept again'),
  });
  if (!readSecret(place, configuration)) refuse(place, 'SecretsManagerConfiguration', undefined, 'a secret');
  const type = oneOf(place, configuration, 'HECEndpointType', ['Raw', 'Event']);
  return {
    kind: 'splunk',
    ...readBuffering(place, configuration, { maxMiB: 5, maxSeconds: 60, seconds: 60 }),
    retrySeconds: readRetry(place, configuration, 3_600),
    endpoint: type === 'Raw' ? 'raw' : 'event',
    acknowledgementSeconds: numberOf(place, configuration, 'HECAcknowledgmentTimeoutInSeconds', {
      min: 180,
      max: 600,
      byDefault: 180,
    }),
  };
}

function readOpenSearch(place: Place, configuration: JsonObject): DestinationSpec {
  checkProperties(place, configuration, {
    ...common,
    DomainARN: harmless('DESTINATION_ENDPOINT stands in its place'),
    ClusterEndpoint: harmless('DESTINATION_ENDPOINT stands in its place'),
    IndexName: 'handled',
    IndexRotationPeriod: 'handled',
    DocumentIdOptions: 'handled',
    TypeName: refused('types ended with Elasticsearch 7'),
    VpcConfiguration: refused('there is no VPC here'),
    S3BackupMode: only(['FailedDocumentsOnly'], 'what was delivered is not kept again'),
  });
  const [idPlace, ids] = objectOf(place, configuration, 'DocumentIdOptions');
  checkProperties(idPlace, ids, { DefaultDocumentIdFormat: 'handled' });
  const format = oneOf(
    idPlace,
    ids,
    'DefaultDocumentIdFormat',
    ['FIREHOSE_DEFAULT', 'NO_DOCUMENT_ID'],
    'FIREHOSE_DEFAULT',
  );
  return {
    kind: 'opensearch',
    ...readBuffering(place, configuration, { maxMiB: 100, maxSeconds: 900, seconds: 300 }),
    retrySeconds: readRetry(place, configuration, 300),
    index: textOf(place, configuration, 'IndexName'),
    // Not by the week: AWS's example of its number contradicts the rule beside it.
    rotation: oneOf(
      place,
      configuration,
      'IndexRotationPeriod',
      ['NoRotation', 'OneHour', 'OneDay', 'OneMonth'],
      'OneDay',
    ),
    hasDocumentIds: format === 'FIREHOSE_DEFAULT',
  };
}

/** Buffering hints of a destination, with its bounds. */
export function readBuffering(
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
