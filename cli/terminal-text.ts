/**
 * What may mislead or command a terminal: control characters of both sets (a sequence may begin with U+001B or U+009B),
 * and format characters, some of which turn the direction of what follows (U+202E) or are not to be seen; separators of
 * lines other than a line feed; halves of surrogate pairs and what stands for no character.
 */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/**
 * A text from outside (an event, a record, a message of somebody else) as it may be printed on a terminal: on one line, and
 * what is not to be seen written as `\u{9b}`. What is quoted by JSON stays as it is, but for that.
 */
export function printable(text: string): string {
  return text.replaceAll(unprintable, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
