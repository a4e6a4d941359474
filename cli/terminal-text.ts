/** What a terminal acts upon, or does not show: controls, changes of direction, separators of lines, lone surrogates. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Text from the stream, a log or a file as one line of a terminal can show it: what is unprintable becomes U+FFFD. */
export function printable(text: string): string {
  return text.replace(unprintable, '\u{fffd}');
}

/** Lines for people, as a terminal can show them. */
export function page(lines: readonly string[]): string {
  return `${lines.map(printable).join('\n')}\n`;
}

/** A value as JSON that may be printed on a terminal: what is unprintable in its strings is escaped, and stays what it is. */
export function printableJson(value: unknown): string {
  return JSON.stringify(value).replace(unprintable, (character) => {
    const units = Array.from({ length: character.length }, (_, at) => character.charCodeAt(at));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
}
