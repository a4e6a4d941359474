/** How readers show the events of values that had no room in their item. */
export const otherValue = '(other)';

/** A dimension's value as the table holds it. */
export interface CounterValue {
  readonly value: string;
  /** Whether the value was longer than the table takes. */
  readonly cut: boolean;
}

/** Values are cut to this many bytes of UTF-8, at a character's boundary. */
export const maxValueBytes = 200;

/**
 * A counter's value for an event's value. Lone surrogates, which JSON can carry and UTF-8 cannot, become U+FFFD, as the
 * table would make them. A page that is called `(other)` becomes `\(other)`, so that a reader can tell it from the
 * values that had no room; `\(other)` itself gets one more backslash.
 */
export function counterValue(raw: string): CounterValue {
  const text = withoutReservedName(raw.toWellFormed());
  // No character takes more than three bytes a UTF-16 unit, so that short texts need no count.
  if (text.length * 3 <= maxValueBytes) return { value: text, cut: false };
  const bytes = Buffer.from(text);
  if (bytes.length <= maxValueBytes) return { value: text, cut: false };
  let end = maxValueBytes;
  while ((bytes[end]! & 0xc0) === 0x80) end--;
  return { value: bytes.toString('utf8', 0, end), cut: true };
}

function withoutReservedName(text: string): string {
  const begins = text.length - otherValue.length;
  return text.endsWith(otherValue) && isBackslashes(text, begins) ? `\\${text}` : text;
}

function isBackslashes(text: string, end: number): boolean {
  for (let at = 0; at < end; at++) if (text[at] !== '\\') return false;
  return true;
}
