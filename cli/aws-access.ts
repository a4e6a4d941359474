import type { ParseArgsOptionsConfig } from 'node:util';
import { SetupError } from './setup-error';

/** Where and as whom to call AWS. What is left out comes from the SDK's usual chain: environment, profile, role. */
export interface AwsAccess {
  readonly region?: string;
  readonly profile?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Options for `parseArgs` of `node:util`; `parseAccess` reads their values. */
export const accessOptions = {
  region: { type: 'string' },
  profile: { type: 'string' },
  'endpoint-url': { type: 'string' },
} as const satisfies ParseArgsOptionsConfig;

export type AccessValues = { readonly [Name in keyof typeof accessOptions]?: string | undefined };

/** Throws a `SetupError` for an address that is none, and for one of another machine without TLS. */
export function parseAccess({ region, profile, 'endpoint-url': endpoint }: AccessValues): AwsAccess {
  return {
    ...(region && { region }),
    ...(profile && { profile }),
    ...(endpoint && { endpoint: checkedUrl(endpoint) }),
  };
}

function checkedUrl(text: string): string {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new SetupError(`--endpoint-url is "${text}"; allowed: an address such as http://127.0.0.1:4567`);
  }
  if (isReadOnTheWay(new URL(text))) {
    throw new SetupError(
      `--endpoint-url is "${text}", over which anybody on the way reads the events and the session token; allowed: https://, or http:// on this machine (127.0.0.1, localhost, [::1])`,
    );
  }
  return text;
}

/** Whether anybody between this machine and an address reads what is sent there: it has no TLS, and is not here. */
export function isReadOnTheWay({ protocol, hostname }: URL): boolean {
  // By what `URL` makes of it: `127.1` and `0x7f000001` are 127.0.0.1 by then.
  return protocol === 'http:' && !/^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/.test(hostname);
}
