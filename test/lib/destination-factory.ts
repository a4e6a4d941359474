import type { DestinationKind } from '../../lib/settings';

const secret = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbC123`;

/** Context that deploys each destination. Values differ, so that none can stand in for another. */
export const destinationContexts: Readonly<
  Record<Exclude<DestinationKind, 'off'>, Readonly<Record<string, string | number>>>
> = {
  http: {
    destination: 'http',
    destinationAddress: 'https://receiver.example/clicks?tenant=7',
    destinationSecretArn: secret('receiver'),
    destinationSecretKeyArn: 'arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d',
    destinationRetrySeconds: 1_234,
    destinationBufferSeconds: 17,
  },
  opensearch: {
    destination: 'opensearch',
    destinationAddress: 'arn:aws:es:eu-central-1:111122223333:domain/search',
    destinationTarget: 'clicks',
    destinationRetrySeconds: 2_345,
    destinationBufferSeconds: 19,
  },
  splunk: {
    destination: 'splunk',
    destinationAddress: 'https://hec.splunk.example:8088',
    destinationSecretArn: secret('hec'),
    destinationRetrySeconds: 3_456,
    destinationBufferSeconds: 23,
  },
  redshift: {
    destination: 'redshift',
    destinationAddress: 'jdbc:redshift://clicks.abc123.eu-central-1.redshift.amazonaws.com:5439/web',
    destinationTarget: 'public.clicks',
    destinationSecretArn: secret('warehouse'),
    destinationRetrySeconds: 4_567,
    destinationBufferSeconds: 29,
  },
};
