/** A text as SQL has it, in its quotes. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
