import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { loggingRole } from '../function-role';
import type { Settings } from '../settings';
import { PageSite } from './page-site';

export interface PageDeploymentProps {
  readonly settings: Settings;
  readonly site: PageSite;
  /** What the page needs to sign in, and where it leaves to sign out. It is public. */
  readonly signIn: { readonly authority: string; readonly clientId: string; readonly signOut: string };
}

/** Puts the page of this commit into its bucket, with where to sign in, by CDK's own function. */
export class PageDeployment extends Construct {
  constructor(scope: Construct, id: string, { settings, site, signIn }: PageDeploymentProps) {
    super(scope, id);
    const { role, logGroup } = loggingRole(this, settings);
    new BucketDeployment(this, 'Files', {
      sources: [PageSite.source(), Source.jsonData('sign-in.json', signIn)],
      destinationBucket: site.bucket,
      // CloudFront and browsers ask whether it is new, so that nothing has to be invalidated.
      cacheControl: [CacheControl.noCache()],
      outputObjectKeys: false,
      memoryLimit: 256,
      logGroup,
      role,
    });
    const stack = Stack.of(this);
    const pageId = stack.getLogicalId(site.bucket.node.defaultChild as CfnBucket);
    const assets = `cdk-${stack.synthesizer.bootstrapQualifier}-assets-<AWS::AccountId>-<AWS::Region>`;
    const broad = [
      ...['GetBucket*', 'GetObject*', 'List*', 'Abort*', 'DeleteObject*'].map(
        (action) => `Action::s3:${action}`,
      ),
      `Resource::arn:<AWS::Partition>:s3:::${assets}/*`,
      `Resource::<${pageId}.Arn>/*`,
    ];
    for (const what of broad) {
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[${what}]`,
        reason:
          'CDK lets its function copy any object from the bucket of assets into the bucket of the page.',
      });
    }
    for (const child of stack.node.children) {
      if (!child.node.id.startsWith('Custom::CDKBucketDeployment')) continue;
      Validations.of(child).acknowledge({
        id: 'AwsSolutions-L1',
        reason: 'CDK decides the runtime of its own function.',
      });
    }
  }
}
