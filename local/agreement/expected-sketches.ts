import { itemId } from '../../domain/counter-item';
import type { ClickObserver } from '../../domain/fold';
import { UniqueFold } from '../../domain/unique-fold';
import { isOfUnique, itemAfter, type UniqueItem } from '../../domain/unique-item';
import type { Unique } from '../../domain/uniques';

/** Sketches by item (`pk sk`) and by attribute. */
export type Sketches = ReadonlyMap<string, ReadonlyMap<string, Uint8Array>>;

/** Works out which sketches the items of the table must hold, as far as bytes go. */
export class ExpectedSketches {
  private readonly items = new Map<string, UniqueItem>();

  constructor(private readonly uniques: readonly Unique[]) {}

  /**
   * Takes the next records of a shard, in its order.
   *
   * @param shard `stream/shardId`
   * @param read reads them, and tells of each event
   */
  add(shard: string, read: (observe: ClickObserver) => void): void {
    const uniqueFold = new UniqueFold(shard, this.uniques);
    read(uniqueFold.add);
    for (const run of uniqueFold.runs()) {
      const id = itemId(run.key);
      // How long an item lives is not compared.
      const item = itemAfter(this.items.get(id), run, 0);
      if (item) this.items.set(id, item);
    }
  }

  sketches(): Sketches {
    return new Map([...this.items].map(([id, { sketches }]) => [id, sketches]));
  }
}

/**
 * Where the table's sketches are not those of the stream, register by register, in words.
 *
 * @param uniques what is counted; sketches of anything else, from an earlier setting, are no difference
 */
export function sketchDifferences(expected: Sketches, held: Sketches, uniques: readonly Unique[]): string[] {
  const differences: string[] = [];
  for (const item of new Set([...expected.keys(), ...held.keys()])) {
    if (!uniques.some((unique) => isOfUnique(item, unique))) continue;
    const [wanted, found] = [expected.get(item), held.get(item)];
    for (const attribute of new Set([...(wanted?.keys() ?? []), ...(found?.keys() ?? [])])) {
      const [all, counted] = [wanted?.get(attribute), found?.get(attribute)];
      if (!all) differences.push(`${item} ${attribute}: a sketch of what is not in the stream`);
      else if (!counted) differences.push(`${item} ${attribute}: the stream's sketch is missing`);
      else if (!Buffer.from(all).equals(counted)) {
        differences.push(`${item} ${attribute}: not the sketch of the stream`);
      }
    }
  }
  return differences;
}
