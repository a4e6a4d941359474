import { createHash, createHmac } from 'node:crypto';

export interface SigningAccess {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly region: string;
  readonly service: string;
}

/**
 * The headers of a POST to `/`, signed by Signature Version 4 (AWS IAM: create a signed API request). All that are
 * given are signed.
 *
 * @param headers names in lower case, `host` among them
 */
export function signed(
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
  access: SigningAccess,
  at: Date,
): Record<string, string> {
  const time = at.toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const all: Record<string, string> = { ...headers, 'x-amz-date': time };
  const names = Object.keys(all).sort();
  const listed = names.join(';');
  const canonicalHeaders = names.map((name) => `${name}:${all[name]}\n`).join('');
  const request = `POST\n/\n\n${canonicalHeaders}\n${listed}\n${sha256(body)}`;
  const scope = `${time.slice(0, 8)}/${access.region}/${access.service}/aws4_request`;
  const signature = createHmac('sha256', signingKey(access, time.slice(0, 8)))
    .update(`AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(request)}`)
    .digest('hex');
  const credential = `Credential=${access.accessKeyId}/${scope}`;
  all.authorization = `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${listed}, Signature=${signature}`;
  return all;
}

const keys = new Map<string, Buffer>();

/** Good for a day, so it is kept, as the SDK does. */
function signingKey({ secretAccessKey, region, service }: SigningAccess, day: string): Buffer {
  const name = [secretAccessKey, day, region, service].join(' ');
  let key = keys.get(name);
  if (!key) {
    key = Buffer.from(`AWS4${secretAccessKey}`);
    for (const part of [day, region, service, 'aws4_request']) {
      key = createHmac('sha256', key).update(part).digest();
    }
    keys.set(name, key);
  }
  return key;
}

function sha256(of: Uint8Array | string): string {
  return createHash('sha256').update(of).digest('hex');
}
