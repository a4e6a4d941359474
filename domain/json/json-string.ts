/**
 * The text of a JSON string, from its opening quote to one past its closing quote.
 *
 * @param encoding `latin1` is faster for bytes that are ASCII
 */
export function decodeString(
  bytes: Buffer,
  start: number,
  end: number,
  encoding: 'utf8' | 'latin1' = 'utf8',
): string {
  const text = bytes.toString(encoding, start + 1, end - 1);
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}
