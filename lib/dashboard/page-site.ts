import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { AssetHashType, Aws, DockerImage, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { type ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { contentSecurityPolicy } from '../../contract/content-security-policy';

export interface PageSiteProps {
  readonly api: HttpApi;
  /** Where the page may connect to beside its own address, to sign in. */
  readonly connectTo: readonly string[];
}

const root = join(__dirname, '../..');

/** The page and the API at one address: a bucket that CloudFront alone reads, and the HTTP API below `/api/`. */
export class PageSite extends Construct {
  readonly bucket: IBucket;
  /** Ends with a slash. */
  readonly address: string;

  constructor(scope: Construct, id: string, { api, connectTo }: PageSiteProps) {
    super(scope, id);
    // The page is made anew with each deploy: nothing of it is kept.
    const bucket = new Bucket(this, 'Page', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.DESTROY,
      autoDeleteObjects: true,
    });
    // CDK's own types disagree under exactOptionalPropertyTypes.
    this.bucket = bucket as IBucket;
    const responseHeadersPolicy = new ResponseHeadersPolicy(this, 'Headers', {
      comment: 'What a browser may do with the dashboard',
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: contentSecurityPolicy(connectTo), override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: Duration.days(365),
          includeSubdomains: true,
          override: true,
        },
      },
    });
    const shared = { responseHeadersPolicy, viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY };
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Dashboard of the click stream',
      defaultRootObject: 'index.html',
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        ...shared,
        origin: S3BucketOrigin.withOriginAccessControl(this.bucket),
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      },
      additionalBehaviors: {
        '/api/*': {
          ...shared,
          origin: new HttpOrigin(`${api.apiId}.execute-api.${Aws.REGION}.${Aws.URL_SUFFIX}`),
          // An answer is for whoever has shown a token.
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
        },
      },
    });
    this.address = `https://${distribution.distributionDomainName}/`;
    acknowledge(bucket, distribution);
  }

  /** The built page, from what this commit has. */
  static source(): ISource {
    return Source.asset(root, {
      assetHashType: AssetHashType.OUTPUT,
      bundling: {
        local: {
          tryBundle: (directory) => {
            writePage(directory);
            return true;
          },
        },
        command: ['dashboard'],
        // Has to be named, and is never asked for.
        image: DockerImage.fromRegistry('none'),
      },
    });
  }
}

/** In a process of its own, since esbuild's plugins and the page's build wait for files, and a construct cannot. */
function writePage(directory: string): void {
  const script = join(root, 'dashboard/write-hosted-page.ts');
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', './cli/typescript.mjs', script, directory],
    { cwd: root, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the dashboard's page cannot be built: ${stderr}`);
}

function acknowledge(bucket: Bucket, distribution: Distribution): void {
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'It holds the page, which is public source, and CloudFront alone reads it.',
  });
  for (const [id, reason] of [
    ['AwsSolutions-CFR1', 'Who may look is decided by signing in, not by the country.'],
    [
      'AwsSolutions-CFR2',
      'The page is static, and the API takes no request without a token and is throttled. A firewall costs $5 a month and more.',
    ],
    [
      'AwsSolutions-CFR3',
      'Logs of CloudFront have the addresses of the viewers; the API has its own, without them.',
    ],
    [
      'AwsSolutions-CFR4',
      'It has no name of its own, and CloudFront decides the TLS of its own names. Browsers that run the page speak TLS 1.3.',
    ],
  ] as const) {
    Validations.of(distribution).acknowledge({ id, reason });
  }
}
