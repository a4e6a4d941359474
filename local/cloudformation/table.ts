import type { TableSpec } from '../deployment';
import { region } from './names';
import type { ResolvedResource } from './resource';
import {
  checkProperties,
  harmless,
  objectsOf,
  only,
  type Place,
  type Rules,
  refuse,
  refused,
  textOf,
} from './settings';
import type { JsonObject } from './template';

const throughput = harmless('nothing throttles here');
const noIndexes = refused('no secondary indexes here');
const noStream = refused('nothing reads a stream of the table here');

/** Settings that a table has of its own, and a replica of a global table too. */
const perReplica: Rules = {
  PointInTimeRecoverySpecification: harmless('backups have no effect on reads and writes'),
  DeletionProtectionEnabled: harmless('the laptop deletes no table'),
  ContributorInsightsSpecification: harmless('there is no CloudWatch here'),
  TableClass: harmless('a price'),
  ResourcePolicy: harmless('the laptop checks no permissions'),
  SSESpecification: harmless('encryption at rest is invisible to clients'),
  Tags: harmless('a label'),
  KinesisStreamSpecification: noStream,
};

const common: Rules = {
  TableName: 'handled',
  AttributeDefinitions: 'handled',
  KeySchema: 'handled',
  BillingMode: harmless('nothing is billed, nothing throttles'),
  // Items stay visible after their time in AWS too, for days: a reader must filter them anyhow.
  TimeToLiveSpecification: harmless('expired items may stay'),
  SSESpecification: harmless('encryption at rest is invisible to clients'),
  WarmThroughput: throughput,
  GlobalSecondaryIndexes: noIndexes,
  LocalSecondaryIndexes: noIndexes,
  StreamSpecification: noStream,
};

const globalTable: Rules = {
  ...common,
  Replicas: 'handled',
  WriteProvisionedThroughputSettings: throughput,
  WriteOnDemandThroughputSettings: throughput,
};

const singleTable: Rules = {
  ...common,
  ...perReplica,
  ProvisionedThroughput: throughput,
  OnDemandThroughput: throughput,
};

const replica: Rules = {
  ...perReplica,
  Region: only([region], 'the laptop is one Region'),
  ReadProvisionedThroughputSettings: throughput,
  ReadOnDemandThroughputSettings: throughput,
  GlobalSecondaryIndexes: noIndexes,
  ReplicaStreamSpecification: noStream,
};

export function readTable({ name, arn, place, properties }: ResolvedResource): TableSpec {
  const isGlobal = place.type === 'AWS::DynamoDB::GlobalTable';
  checkProperties(place, properties, isGlobal ? globalTable : singleTable);
  if (isGlobal) {
    const replicas = objectsOf(place, properties, 'Replicas');
    if (replicas.length !== 1) refuse(place, 'Replicas', properties.Replicas, 'one replica');
    for (const [replicaPlace, settings] of replicas) checkProperties(replicaPlace, settings, replica);
  }
  const partitionKey = keyOf(place, properties, 'HASH');
  const sortKey = keyOf(place, properties, 'RANGE');
  return {
    name,
    arn,
    partitionKey: partitionKey ?? refuse(place, 'KeySchema', properties.KeySchema, 'a HASH key'),
    ...(sortKey === undefined ? {} : { sortKey }),
  };
}

function keyOf(place: Place, properties: JsonObject, keyType: 'HASH' | 'RANGE'): string | undefined {
  const entry = objectsOf(place, properties, 'KeySchema').find(([, key]) => key.KeyType === keyType);
  if (!entry) return undefined;
  const attribute = textOf(...entry, 'AttributeName');
  const definitions = objectsOf(place, properties, 'AttributeDefinitions').map(
    ([, definition]) => definition,
  );
  if (definitions.find((one) => one.AttributeName === attribute)?.AttributeType !== 'S') {
    refuse(place, 'AttributeDefinitions', properties.AttributeDefinitions, `type S for the key ${attribute}`);
  }
  return attribute;
}
