import type { DestinationKind, Settings } from '../settings';

interface Needs {
  readonly address: readonly [pattern: RegExp, allowed: string];
  /** Undefined where there is nothing to name. */
  readonly target?: readonly [pattern: RegExp, allowed: string];
  readonly secret: 'required' | 'optional' | 'none';
  readonly maxBufferSeconds: number;
}

// AWS docs: API reference of Firehose (…DestinationConfiguration), "HTTP endpoint delivery request and response
// specifications" for https on 443 alone; OpenSearch docs: Create index, for index names.
const needs: Readonly<Record<Exclude<DestinationKind, 'off'>, Needs>> = {
  http: {
    address: [/^https:\/\/[^/:?#@]+(?::443)?(?:[/?][^#]*)?$/, 'https://HOST/PATH, on port 443'],
    secret: 'optional',
    maxBufferSeconds: 900,
  },
  opensearch: {
    address: [
      /^arn:aws[a-z-]*:es:[a-z0-9-]+:\d{12}:domain\/[a-z][a-z0-9-]{2,27}$/,
      'the ARN of a domain: arn:aws:es:REGION:ACCOUNT:domain/NAME',
    ],
    target: [/^[a-z0-9][a-z0-9_.-]{0,79}$/, 'the name of an index, in lower case'],
    secret: 'none',
    maxBufferSeconds: 900,
  },
  splunk: {
    address: [
      /^https:\/\/[^/:?#@]+(?::\d{1,5})?$/,
      'https://HOST:PORT of an HTTP Event Collector, without a path',
    ],
    secret: 'required',
    maxBufferSeconds: 60,
  },
  redshift: {
    address: [
      /^jdbc:(?:redshift|postgresql):\/\/(?:[A-Za-z0-9-]{1,63}\.)+redshift(?:-serverless)?\.[a-zA-Z0-9.]+:\d{1,5}\/[a-zA-Z0-9_$-]+$/,
      'jdbc:redshift://CLUSTER….redshift.amazonaws.com:PORT/DATABASE',
    ],
    target: [/^[A-Za-z_][\w$]*(?:\.[A-Za-z_][\w$]*)?$/, 'TABLE or SCHEMA.TABLE'],
    secret: 'required',
    maxBufferSeconds: 900,
  },
};

/** The settings of the destination that do not fit it, each with what is allowed. */
export function checkDestination(
  settings: Settings,
): readonly (readonly [name: keyof Settings, allowed: string])[] {
  const { destination } = settings;
  if (destination === 'off') return [];
  const { address, target, secret, maxBufferSeconds } = needs[destination];
  const withIt = `with destination ${destination}`;
  const problems: (readonly [keyof Settings, string])[] = [];
  if (!address[0].test(settings.destinationAddress)) {
    problems.push(['destinationAddress', `${address[1]} ${withIt}`]);
  }
  if (target ? !target[0].test(settings.destinationTarget) : settings.destinationTarget !== '') {
    problems.push(['destinationTarget', target ? `${target[1]} ${withIt}` : `none ${withIt}`]);
  }
  const hasSecret = settings.destinationSecretArn !== '';
  if (secret === 'required' && !hasSecret) {
    problems.push(['destinationSecretArn', `the ARN of its secret ${withIt}`]);
  }
  if (secret === 'none' && hasSecret) {
    problems.push(['destinationSecretArn', `none ${withIt}, which looks at the role`]);
  }
  if (settings.destinationSecretKeyArn !== '' && !hasSecret) {
    problems.push(['destinationSecretKeyArn', 'none without destinationSecretArn']);
  }
  if (settings.destinationBufferSeconds > maxBufferSeconds) {
    problems.push(['destinationBufferSeconds', `at most ${maxBufferSeconds} ${withIt}`]);
  }
  return problems;
}
