/** Ids of fewer characters stand within lines by chance: in those, only a member `visitorId` is looked at. */
const shortestWord = 8;

const strings = /"(?:[^"\\]|\\.)*"/gs;
const visitorIds = /"visitorId"\s*:\s*("(?:[^"\\]|\\.)*")/gs;

/** Whether a line that is no event names a visitor: as a string of JSON, however it is escaped, or as a word. */
export function mentions(line: string, visitorId: string): boolean {
  const isId = (string: string): boolean => textOf(string) === visitorId;
  if (visitorId.length < shortestWord)
    return [...line.matchAll(visitorIds)].some(([, string]) => isId(string!));
  return [...line.matchAll(strings)].some(([string]) => isId(string)) || hasWord(line, visitorId);
}

function textOf(string: string): string | undefined {
  try {
    return JSON.parse(string) as string;
  } catch {
    return undefined;
  }
}

const partOfWord = /[\p{L}\p{N}_-]/u;

/** Not as a part of a longer id. */
function hasWord(line: string, word: string): boolean {
  for (let at = line.indexOf(word); at >= 0; at = line.indexOf(word, at + 1)) {
    const [before, after] = [line[at - 1] ?? ' ', line[at + word.length] ?? ' '];
    if (!partOfWord.test(before) && !partOfWord.test(after)) return true;
  }
  return false;
}
