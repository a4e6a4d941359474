import { decodeString } from '../json/json-string';
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
  const memory = new Memory<Result>();
  return (bytes, start, end) => {
    const length = end - start - 2;
    if (length > longestBytes) return read(decodeString(bytes, start, end));
    const words = wordsOf(bytes);
    const hash = hashOfWords(words, start + 1, end - 1);
    const known = memory.get(words, start + 1, length, hash);
    if (known !== undefined) return known;
    const result = read(decodeString(bytes, start, end));
    memory.put(bytes, start + 1, length, hash, result);
    return result;
  };
}

class Memory<Result> {
  private readonly hashes = new Int32Array(sets * ways);
  private readonly lengths = new Int16Array(sets * ways).fill(-1);
  private readonly results = new Array<Result | undefined>(sets * ways).fill(undefined);
  /** Of each set, the way that was used last. */
  private readonly usedLast = new Uint8Array(sets);
  private kept = Buffer.alloc(0);
  private keptWords = wordsOf(this.kept);

  get(words: DataView, start: number, length: number, hash: number): Result | undefined {
    const set = hash & (sets - 1);
    const likely = set * ways + this.usedLast[set]!;
    if (this.holds(likely, words, start, length, hash)) return this.results[likely];
    const other = likely ^ 1;
    if (!this.holds(other, words, start, length, hash)) return undefined;
    this.usedLast[set] = other & 1;
    return this.results[other];
  }

  private holds(place: number, words: DataView, start: number, length: number, hash: number): boolean {
    return (
      this.hashes[place] === hash &&
      this.lengths[place] === length &&
      areSame(words, start, this.keptWords, place * longestBytes, length)
    );
  }

  put(bytes: Buffer, start: number, length: number, hash: number, result: Result): void {
    if (this.kept.length === 0) {
      this.kept = Buffer.allocUnsafeSlow(sets * ways * longestBytes);
      this.keptWords = new DataView(this.kept.buffer);
    }
    const set = hash & (sets - 1);
    const way = this.usedLast[set]! ^ 1;
    const place = set * ways + way;
    bytes.copy(this.kept, place * longestBytes, start, start + length);
    this.hashes[place] = hash;
    this.lengths[place] = length;
    this.results[place] = result;
    this.usedLast[set] = way;
  }
}
