import { randomUUID } from 'node:crypto';
import { SetupError } from '../cli/setup-error';
import { parseObject, textIn } from '../domain/json/json-object';
import type { Clock } from './clock';
import type { DeliveryStreamSpec } from './deployment';
import type { Destination } from './firehose/destinations/destination';
import { createExchange } from './firehose/destinations/exchange';
import { createHttpEndpoint } from './firehose/destinations/http-endpoint';
import { createOpenSearch } from './firehose/destinations/opensearch';
import { createSplunk } from './firehose/destinations/splunk';
import { gzipBody } from './firehose/object-buffer';

/** What stands on this machine for the destination of the templates, and for its secret. */
export interface DestinationAccess {
  readonly endpoint: URL;
  /** JSON, as Secrets Manager holds it; undefined if there is none. */
  readonly secret: string | undefined;
}

/** In the environment, since a command line is seen by everybody on the machine, and kept in a history. */
export const DestinationVariable = {
  endpoint: 'DESTINATION_ENDPOINT',
  secret: 'DESTINATION_SECRET',
} as const;

const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Undefined if the environment names none. Throws a `SetupError` for an address that is not allowed. */
export function readDestinationAccess(
  environment: Readonly<Record<string, string | undefined>>,
): DestinationAccess | undefined {
  const { endpoint: name, secret } = DestinationVariable;
  const text = environment[name];
  if (!text) return undefined;
  const endpoint = URL.canParse(text) ? new URL(text) : undefined;
  const isAllowed =
    endpoint?.protocol === 'https:' || (endpoint?.protocol === 'http:' && loopback.test(endpoint.hostname));
  if (!endpoint || !isAllowed || endpoint.username || endpoint.password) {
    throw new SetupError(
      `${name} is "${text}"; allowed: an https address, or an http address of this machine (http://127.0.0.1:9000/), without a user`,
    );
  }
  return { endpoint, secret: environment[secret] };
}

/** Where a delivery stream delivers to; undefined for S3. Throws a `SetupError` that says what is missing. */
export function createDestination(
  { name, arn, destination: spec }: DeliveryStreamSpec,
  access: DestinationAccess | undefined,
  clock: Clock,
): Destination | undefined {
  if (!spec) return undefined;
  if (!access) {
    throw new SetupError(
      `delivery stream ${name} has a destination that is not on this machine: give ${DestinationVariable.endpoint}, or -c destination=off`,
    );
  }
  const exchange = createExchange();
  switch (spec.kind) {
    case 'http-endpoint':
      return createHttpEndpoint(spec, {
        url: access.endpoint,
        accessKey: spec.hasSecret ? secretOf(access, 'api_key') : undefined,
        deliveryStreamArn: arn,
        ...{ exchange, clock, gzip: gzipBody },
      });
    case 'splunk':
      return createSplunk(spec, {
        endpoint: access.endpoint,
        token: secretOf(access, 'hec_token'),
        ...{ exchange, clock, uuid: randomUUID },
      });
    case 'opensearch':
      return createOpenSearch(spec, { endpoint: access.endpoint, exchange, clock });
  }
}

/** A member of the secret, in the form that Firehose wants (AWS docs: Understand secrets). */
function secretOf({ secret }: DestinationAccess, member: string): string {
  const value = textIn(parseObject(secret ?? ''), member);
  if (value) return value;
  throw new SetupError(`${DestinationVariable.secret} must be JSON like {"${member}": "…"}`);
}
