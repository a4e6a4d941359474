import { windowMs, windowStart } from '../../domain/counters/window';

/** Where the salts of the days are. */
export interface SaltTable {
  get(day: string): Promise<Uint8Array | undefined>;
  /**
   * Puts the salt of a day that has none.
   * @param expiresAt epoch seconds
   * @returns false if the day has one already
   */
  create(day: string, salt: Uint8Array, expiresAt: number): Promise<boolean>;
  /** Days that have one. */
  days(): Promise<readonly string[]>;
  remove(day: string): Promise<void>;
}

const saltBytes = 32;

/** The day's salt, made by whoever needs it first. */
export interface Salts {
  /** @throws what the table throws */
  today(): Promise<Uint8Array>;
  /** Removes the salts of days that are over, which nothing needs any more. @throws what the table throws */
  forgetPast(): Promise<void>;
}

/**
 * The salts of the days. Nobody reads one of another day, whether it is still there or not. A schedule has the past ones
 * removed; the table's time to live is for when that fails, since it may take days (DynamoDB docs: Time to Live).
 *
 * @param random so many random bytes
 * @param now epoch milliseconds
 */
export function createSalts(
  table: SaltTable,
  random: (bytes: number) => Uint8Array,
  now: () => number,
): Salts {
  let known: { readonly day: string; readonly salt: Promise<Uint8Array> } | undefined;

  const find = async (start: number): Promise<Uint8Array> => {
    const day = nameOf(start);
    const found = await table.get(day);
    if (found) return found;
    const salt = random(saltBytes);
    if (await table.create(day, salt, (start + windowMs.day) / 1_000)) return salt;
    const others = await table.get(day);
    if (!others) throw new Error(`the table has a salt of ${day}, and does not give it`);
    return others;
  };

  return {
    today() {
      const start = windowStart('day', now());
      const day = nameOf(start);
      if (known?.day !== day) {
        const salt = find(start);
        const entry = { day, salt };
        known = entry;
        // The next request tries anew.
        salt.catch(() => {
          if (known === entry) known = undefined;
        });
      }
      return known.salt;
    },
    async forgetPast() {
      const day = nameOf(windowStart('day', now()));
      if (known && known.day < day) known = undefined;
      for (const past of await table.days()) if (past < day) await table.remove(past);
    },
  };
}

const nameOf = (start: number): string => new Date(start).toISOString().slice(0, 'YYYY-MM-DD'.length);
