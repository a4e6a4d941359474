import { Aws, Duration, Fn, Validations } from 'aws-cdk-lib';
import {
  type CfnUserPoolClient,
  FeaturePlan,
  Mfa,
  OAuthScope,
  UserPool,
  type UserPoolClient,
  UserPoolDomain,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import { dataRemovalPolicy } from '../removal';
import type { Settings } from '../settings';

export interface SignInProps {
  readonly settings: Settings;
}

/** Who may look: users that an administrator creates, with a password and a second factor. Nobody signs up. */
export class SignIn extends Construct {
  readonly userPool: UserPool;
  /** Where the page sends whoever is not signed in, and redeems the code. */
  readonly domain: string;
  /** Whose service issues the tokens. */
  readonly issuer: string;
  /** Issuer of the tokens: the pool, at that service. */
  readonly authority: string;

  constructor(scope: Construct, id: string, { settings }: SignInProps) {
    super(scope, id);
    this.userPool = new UserPool(this, 'Users', {
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      autoVerify: { email: true },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 12,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
        tempPasswordValidity: Duration.days(3),
      },
      // The cheapest plan that has a sign-in page.
      featurePlan: FeaturePlan.LITE,
      deletionProtection: settings.deletionProtection,
      removalPolicy: dataRemovalPolicy(settings.stage),
    });
    for (const id of ['AwsSolutions-COG3', 'AwsSolutions-COG8']) {
      Validations.of(this.userPool).acknowledge({
        id,
        reason:
          'Threat protection is a plan of its own, at $0.02 a user and month. A second factor is required, and nobody signs up.',
      });
    }

    // Unique in the Region, and the same for the life of the stack.
    const prefix = `dashboard-${Fn.select(2, Fn.split('/', Aws.STACK_ID))}`;
    new UserPoolDomain(this, 'Domain', {
      userPool: this.userPool,
      cognitoDomain: { domainPrefix: prefix },
    });
    this.domain = `https://${prefix}.auth.${Aws.REGION}.amazoncognito.com`;
    this.issuer = `https://cognito-idp.${Aws.REGION}.amazonaws.com`;
    this.authority = `${this.issuer}/${this.userPool.userPoolId}`;
  }

  /** The page at an address: it gets a code and redeems it with a proof (PKCE), and has no secret. */
  addPage(id: string, address: string): UserPoolClient {
    const client = this.userPool.addClient(id, {
      generateSecret: false,
      oAuth: {
        flows: { authorizationCodeGrant: true },
        scopes: [OAuthScope.OPENID],
        callbackUrls: [address],
        logoutUrls: [address],
      },
      preventUserExistenceErrors: true,
      enableTokenRevocation: true,
      accessTokenValidity: Duration.hours(1),
      idTokenValidity: Duration.hours(1),
      refreshTokenValidity: Duration.hours(12),
    });
    // Tokens come by the code alone. Without it, Cognito also takes a password from whoever asks it by itself.
    (client.node.defaultChild as CfnUserPoolClient).explicitAuthFlows = ['ALLOW_REFRESH_TOKEN_AUTH'];
    return client;
  }
}
