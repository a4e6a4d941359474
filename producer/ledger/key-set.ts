/** A set of resume keys. */
export interface KeySet {
  add(key: string): void;
  has(key: string): boolean;
  clear(): void;
}

const pageBits = 16;
const pageBytes = 2 ** (pageBits - 3);
/** `2:17`, `17`, `17+`: a number in a series. */
const numbered = /^(\d+:)?(\d{1,15})(\+?)$/;

/**
 * Most keys are line numbers without many gaps, so a bit each is enough: a million lines take 125 kB, where a `Set` of
 * strings would take 60 MB. Keys of any other form are kept as they are.
 */
export function createKeySet(): KeySet {
  const series = new Map<string, Map<number, Uint8Array>>();
  const others = new Set<string>();
  return {
    add(key) {
      const place = bitOf(key);
      if (!place) {
        others.add(key);
        return;
      }
      const pages = valueAt(series, place.series, () => new Map<number, Uint8Array>());
      const page = valueAt(pages, place.page, () => new Uint8Array(pageBytes));
      page[place.byte]! |= place.mask;
    },
    has(key) {
      const place = bitOf(key);
      if (!place) return others.has(key);
      const page = series.get(place.series)?.get(place.page);
      return page !== undefined && (page[place.byte]! & place.mask) !== 0;
    },
    clear() {
      series.clear();
      others.clear();
    },
  };
}

interface KeyBit {
  readonly series: string;
  readonly page: number;
  readonly byte: number;
  readonly mask: number;
}

function bitOf(key: string): KeyBit | undefined {
  const [, input = '', digits, copy = ''] = numbered.exec(key) ?? [];
  // `017` is another key than `17`.
  if (digits === undefined || (digits.length > 1 && digits.startsWith('0'))) return undefined;
  const number = Number(digits);
  const bit = number % 2 ** pageBits;
  return {
    series: input + copy,
    page: Math.floor(number / 2 ** pageBits),
    byte: bit >> 3,
    mask: 1 << (bit & 7),
  };
}

function valueAt<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
