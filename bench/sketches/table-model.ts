import { attributeBytes, itemBytes, writeUnits } from '../../cost/table/item-size';
import { createItem, type SimulatedItem, writeEntries } from '../../cost/table/simulated-item';
import { AggregatesTable as attributes, itemId, keyAttributes } from '../../domain/counter-item';
import type { ItemRun } from '../../domain/fold';
import type { UniqueRun } from '../../domain/unique-fold';
import { itemAfter, UniqueAttributes, type UniqueItem } from '../../domain/unique-item';

/** What writing costs, and how many items are written. */
export interface Writes {
  readonly units: number;
  readonly items: number;
}

/** The counters, which are written whatever the setting. */
export function counterTable() {
  const items = new Map<string, SimulatedItem>();
  return {
    write({ key, window, entries }: ItemRun): Writes {
      const id = itemId(key);
      const item = items.get(id) ?? createItem(key.pk, window);
      items.set(id, item);
      let units = 0;
      let writes = 0;
      writeEntries(item, entries, () => {
        units += writeUnits(item.bytes());
        writes++;
      });
      return { units, items: writes };
    },
  };
}

/** The sketches as they are stored, and beside it as they would be with an item for each value. */
export function sketchTable() {
  const items = new Map<string, UniqueItem>();
  return {
    write(run: UniqueRun): { readonly packed: Writes; readonly single: Writes } {
      const id = itemId(run.key);
      const held = items.get(id);
      const item = itemAfter(held, run, 1);
      if (!item) return { packed: { units: 0, items: 0 }, single: { units: 0, items: 0 } };
      items.set(id, item);
      const frame = itemBytes({
        ...keyAttributes(run.key),
        [UniqueAttributes.version]: { N: String(item.version) },
        [attributes.timeToLive]: { N: '1767225599' },
      });
      const sizes = [...item.sketches].map(([attribute, B]) => attributeBytes(attribute, { B }));
      const grown = [...item.sketches].filter(([name, sketch]) => held?.sketches.get(name) !== sketch);
      return {
        packed: { units: writeUnits(sizes.reduce((sum, bytes) => sum + bytes, frame)), items: 1 },
        single: {
          units: grown.reduce((sum, [name, B]) => sum + writeUnits(frame + attributeBytes(name, { B })), 0),
          items: grown.length,
        },
      };
    },
  };
}
