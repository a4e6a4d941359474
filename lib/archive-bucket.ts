import { Duration } from 'aws-cdk-lib';
import { type LifecycleRule, StorageClass } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { CustomerKey } from './click-stream';
import { PrivateBucket } from './private-bucket';
import type { Settings } from './settings';

export interface ArchiveBucketProps {
  readonly settings: Settings;
  readonly customerKey: CustomerKey | undefined;
}

/** Every click as it came in, below `events/`; what the transformer failed at, below `errors/`. */
export class ArchiveBucket extends PrivateBucket {
  constructor(scope: Construct, id: string, { settings, customerKey }: ArchiveBucketProps) {
    // Counters are rebuilt from here, so a deletion by mistake must be reversible in prod.
    const versioned = settings.stage === 'prod';
    super(scope, id, {
      settings,
      customerKey,
      versioned,
      lifecycleRules: [ageing(settings), ...(versioned ? [reversibleDeletion] : [])],
    });
  }
}

/** When objects move to colder classes of storage, and when they go. */
export function ageing(settings: Settings): LifecycleRule {
  const transitions = [
    { days: settings.archiveInfrequentAccessDays, storageClass: StorageClass.INFREQUENT_ACCESS },
    { days: settings.archiveGlacierDays, storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL },
  ]
    .filter(({ days }) => days > 0)
    .map(({ days, storageClass }) => ({ storageClass, transitionAfter: Duration.days(days) }));
  return {
    id: 'age',
    abortIncompleteMultipartUploadAfter: Duration.days(7),
    ...(transitions.length > 0 ? { transitions } : {}),
    ...(settings.archiveExpiryDays > 0 ? { expiration: Duration.days(settings.archiveExpiryDays) } : {}),
  };
}

// A month to notice a deletion. S3 removes the deletion's marker with the last version.
const reversibleDeletion: LifecycleRule = {
  id: 'forget-deleted',
  noncurrentVersionExpiration: Duration.days(30),
  expiredObjectDeleteMarker: true,
};
