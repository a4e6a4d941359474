import type { BucketSpec } from '../deployment';
import type { ResolvedResource } from './resource';
import { checkProperties, harmless, only, type Rules, refused } from './settings';

const noPermissions = harmless('the laptop checks no permissions');
const noReports = harmless('a report about the bucket, not a part of it');

const rules: Rules = {
  BucketName: 'handled',
  AccessControl: noPermissions,
  OwnershipControls: noPermissions,
  PublicAccessBlockConfiguration: noPermissions,
  BucketEncryption: harmless('encryption at rest is invisible to clients'),
  CorsConfiguration: harmless('no browser reads the bucket here'),
  IntelligentTieringConfigurations: harmless('a price'),
  InventoryConfigurations: noReports,
  // Objects of a laptop are not kept long enough to age; what lies there is the developer's to delete.
  LifecycleConfiguration: harmless('objects do not expire here'),
  LoggingConfiguration: noReports,
  MetricsConfigurations: noReports,
  NotificationConfiguration: refused('nothing is notified here'),
  ObjectLockEnabled: only([false], 'objects are not locked here'),
  ReplicationConfiguration: refused('objects are not replicated here'),
  Tags: harmless('a label'),
  VersioningConfiguration: harmless('keys are unique: the pipeline overwrites and deletes no object'),
  WebsiteConfiguration: refused('no website is served here'),
};

export function readBucket({ name, arn, place, properties }: ResolvedResource): BucketSpec {
  checkProperties(place, properties, rules);
  return { logicalId: place.logicalId, name, arn };
}
