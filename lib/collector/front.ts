import { Aws, Validations } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  OriginRequestHeaderBehavior,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { FunctionUrlOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import type { IFunctionUrl } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { pipelineName } from '../../contract/stack-outputs';
import { proofHeader, viewerHeader } from '../../lambda/collector/contract';
import type { Settings } from '../settings';
import type { OriginProof } from './origin-proof';

export interface FrontProps {
  readonly settings: Settings;
  readonly url: IFunctionUrl;
  readonly proof: OriginProof;
}

/** What the function reads of a request. Not its `Host`, by which Lambda knows whose the URL is. */
const headersToFunction = ['Origin', 'User-Agent', 'Content-Type', 'Sec-GPC'];

/** CloudFront before the collector's function: it keeps the client near its visitors, and hands events over as they come. */
export class Front extends Construct {
  /** With a slash at its end. */
  readonly address: string;
  /** For a behaviour of a site's own distribution. */
  readonly originRequestPolicyId: string;

  constructor(scope: Construct, id: string, { settings, url, proof }: FrontProps) {
    super(scope, id);
    const originRequestPolicy = new OriginRequestPolicy(this, 'Headers', {
      // Of an account, in whatever Region its stack is.
      originRequestPolicyName: `${pipelineName(settings)}-collector-${Aws.REGION}`,
      comment: 'What the collector reads of a request, and who the viewer is',
      headerBehavior: OriginRequestHeaderBehavior.allowList(...headersToFunction, viewerHeader),
    });
    const shared = {
      origin: new FunctionUrlOrigin(url, { customHeaders: { [proofHeader]: proof.value } }),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
    };
    const distribution = new Distribution(this, 'Distribution', {
      comment: 'Collector of the click stream',
      defaultBehavior: {
        ...shared,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy,
        // CloudFront knows no list with POST but this one; the function answers 405 to the others.
        allowedMethods: AllowedMethods.ALLOW_ALL,
      },
      additionalBehaviors: {
        // Scripts and modules, for as long as the function says.
        '/clicks.*js': { ...shared, cachePolicy: CachePolicy.CACHING_OPTIMIZED },
      },
    });
    this.address = `https://${distribution.distributionDomainName}/`;
    this.originRequestPolicyId = originRequestPolicy.originRequestPolicyId;
    acknowledge(distribution);
  }
}

function acknowledge(distribution: Distribution): void {
  for (const [id, reason] of [
    ['AwsSolutions-CFR1', 'The sites decide who visits them, not the country.'],
    [
      'AwsSolutions-CFR2',
      'The function limits visitors and addresses. A firewall costs $5 a month and more, and may be put before it.',
    ],
    ['AwsSolutions-CFR3', 'Logs of CloudFront have the addresses of the visitors, which nothing here keeps.'],
    [
      'AwsSolutions-CFR4',
      'It has no name of its own, and CloudFront decides the TLS of its own names. Browsers that run the client speak TLS 1.3.',
    ],
  ] as const) {
    Validations.of(distribution).acknowledge({ id, reason });
  }
}
