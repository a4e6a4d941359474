/**
 * The name under which the counters count a value, as SQL for both engines: of at most 200 bytes of UTF-8, cut at a
 * character's boundary, with a backslash before what would read `(other)` (`domain/counters/counter-value.ts`).
 *
 * @param column SQL of a text that is not null
 */
export function countedValue(column: string): string {
  const marked = `concat(CASE WHEN regexp_like(${column}, '\\A\\\\*\\(other\\)\\z') THEN '\\' ELSE '' END, ${column})`;
  // By its hexadecimal digits: no function cuts bytes in both. What is left of a last character goes.
  return `from_utf8(from_hex(substr(to_hex(to_utf8(${marked})), 1, 400)), '')`;
}
