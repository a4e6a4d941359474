/**
 * A text's bytes in UTF-8, for keeping. Those of `Buffer.from` are a part of some 64 KiB, and would keep all of them in
 * memory.
 */
export function lastingBytes(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  bytes.write(text);
  return bytes;
}
