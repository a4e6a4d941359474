/** The text of a JSON string, from its opening quote to one past its closing quote. */
export function decodeString(bytes: Buffer, start: number, end: number): string {
  return unescaped(bytes.toString('utf8', start + 1, end - 1));
}

/** @param text between the quotes of a JSON string */
export function unescaped(text: string): string {
  return text.includes('\\') ? (JSON.parse(`"${text}"`) as string) : text;
}
