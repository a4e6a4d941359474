/** Controls, changes of direction, invisible characters, lone surrogates: what would make one value look like another. */
const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Text from the stream as a reader can tell it from any other: what cannot be seen is written as `\u{202e}`. */
export function visible(text: string): string {
  return text.replace(invisible, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}
