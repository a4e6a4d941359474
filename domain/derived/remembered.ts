/** Longer texts are not kept: a text may be as long as its event, and memory must stay bounded. */
const longestText = 1024;
const textsOfGeneration = 2_000;

/**
 * A function that remembers what it gave for the texts that came most recently. Headers of browsers and addresses of
 * pages repeat, and reading one takes longer than looking it up.
 *
 * @param read depends on the text alone
 */
export function remembered<Result extends NonNullable<unknown>>(
  read: (text: string) => Result,
): (text: string) => Result {
  let recent = new Map<string, Result>();
  let older = recent;
  return (text) => {
    const known = recent.get(text);
    if (known !== undefined) return known;
    const result = older.get(text) ?? read(text);
    if (text.length > longestText) return result;
    if (recent.size === textsOfGeneration) {
      older = recent;
      recent = new Map();
    }
    recent.set(copyOf(text), result);
    return result;
  };
}

/** A text may be a part of a larger one, and would keep all of it in memory. */
function copyOf(text: string): string {
  return JSON.parse(JSON.stringify(text));
}
