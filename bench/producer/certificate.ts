import { generateKeyPairSync, sign } from 'node:crypto';

/** A DER element: its tag, its length, what is in it. */
function element(tag: number, ...contents: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(contents);
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...contents: readonly Uint8Array[]) => element(0x30, ...contents);
const utcTime = (text: string) => element(0x17, Buffer.from(text));

const ecdsaWithSha256 = sequence(element(0x06, Buffer.from('2a8648ce3d040302', 'hex')));
const commonName = element(0x06, Buffer.from('550403', 'hex'));
const localhost = sequence(element(0x31, sequence(commonName, element(0x0c, Buffer.from('localhost')))));

/** A key and a certificate that it signed itself (X.509, version 1): for servers whose clients check nothing. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const content = sequence(
    element(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    localhost,
    sequence(utcTime('200101000000Z'), utcTime('491231235959Z')),
    localhost,
    publicKey.export({ type: 'spki', format: 'der' }),
  );
  const signature = element(0x03, Buffer.from([0]), sign('sha256', content, privateKey));
  const lines = sequence(content, ecdsaWithSha256, signature).toString('base64').replaceAll(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines.trimEnd()}\n-----END CERTIFICATE-----\n`,
  };
}
