import { decodeString } from './json-string';
import { areSame, hashOfWords, wordsOf } from './words';

/** Longer texts are read anew each time. */
const longestBytes = 256;
const sets = 2048;
const ways = 2;

/** Takes the bytes in which a JSON string stands, from its opening quote to one past its closing quote. */
export type RememberedBytes<Result> = (bytes: Buffer, start: number, end: number) => Result;

/**
 * As `remembered`, of a JSON string's bytes: what comes again is found without making a text of it, let alone one
 * that has to be hashed. Its memory is a mebibyte at the most, and each result.
 *
 * A run of bytes has one of two places, of which it takes the one that was used less recently. So a look-up compares
 * twice at the most, whatever comes: runs that somebody chose to meet only push each other out.
 *
 * @param read depends on the text alone
 */
export function rememberedBytes<Result extends NonNullable<unknown>>(
  read: (text: string) => Result,
): RememberedBytes<Result> {
  const hashes = new Int32Array(sets * ways);
  const lengths = new Int32Array(sets * ways).fill(-1);
  const results = new Array<Result | undefined>(sets * ways).fill(undefined);
  const usedLast = new Uint8Array(sets);
  let kept: Buffer | undefined;
  let keptWords: DataView;

  const find = (words: DataView, start: number, length: number, hash: number, place: number) =>
    hashes[place] === hash &&
    lengths[place] === length &&
    areSame(words, start, keptWords, place * longestBytes, length);

  return (bytes, start, end) => {
    const from = start + 1;
    const to = end - 1;
    const length = to - from;
    if (length > longestBytes) return read(decodeString(bytes, start, end));
    const words = wordsOf(bytes);
    const hash = hashOfWords(words, from, to);
    const set = hash & (sets - 1);
    const first = set * ways;
    const likely = first + usedLast[set]!;
    if (find(words, from, length, hash, likely)) return results[likely]!;
    const other = likely ^ 1;
    usedLast[set] = other - first;
    if (find(words, from, length, hash, other)) return results[other]!;

    const result = read(decodeString(bytes, start, end));
    if (!kept) {
      kept = Buffer.allocUnsafeSlow(sets * ways * longestBytes);
      keptWords = new DataView(kept.buffer);
    }
    bytes.copy(kept, other * longestBytes, from, to);
    hashes[other] = hash;
    lengths[other] = length;
    results[other] = result;
    return result;
  };
}
