import { simulatedShard } from '../../cost/table/simulated-shard';
import { fold, type ShardRecord } from '../../domain/fold';
import { seededRandom } from '../../domain/numbers/random';
import { UniqueFold } from '../../domain/unique-fold';
import { uniques } from '../../domain/visitors/uniques';
import { createClickGenerator } from '../../producer/traffic/click-generator';
import { defaultSite } from '../../producer/traffic/default-site';
import type { SiteModel } from '../../producer/traffic/site-model';
import { counterTable, sketchTable, type Writes } from './table-model';

export interface WriteUnitOptions {
  /** Of the one shard that is looked at. */
  readonly recordsPerSecond: number;
  readonly pages: number;
  /** A sketch changes most when it is young, so that only a whole hour tells what an hour costs. */
  readonly minutes: number;
}

export interface WriteUnitRow {
  readonly recordsPerSecond: number;
  readonly pages: number;
  readonly minutes: number;
  readonly layout: 'off' | 'total' | 'page' | 'page-an-item-each';
  readonly unitsPerThousandRecords: number;
  readonly writesPerBatch: number;
}

const secondsPerBatch = 5;
const hour = Date.UTC(2026, 0, 1, 12);

/** Visitors who stay for nine events, a minute apart, on pages whose weight falls as 1/rank. */
function site(pages: number, recordsPerSecond: number): SiteModel {
  const page = { path: '/product/number/{n}', weight: 1, count: pages, elements: ['add-to-cart'], links: {} };
  return {
    ...defaultSite,
    pages: [page],
    bursts: [],
    sessions: { ...defaultSite.sessions, atOnce: recordsPerSecond * 60 },
  };
}

/** What the table is written for one shard, by setting, with the real fold and the sizes of the real items. */
export function measureWriteUnits({ recordsPerSecond, pages, minutes }: WriteUnitOptions): WriteUnitRow[] {
  const clicks = createClickGenerator(seededRandom('write units'), site(pages, recordsPerSecond));
  const [counters, sketches] = [counterTable(), sketchTable()];
  const none = () => ({ units: 0, items: 0 });
  const sums = { counters: none(), total: none(), page: none(), single: none() };
  const add = (sum: { units: number; items: number }, { units, items }: Writes): void => {
    sum.units += units;
    sum.items += items;
  };
  const batches = (minutes * 60) / secondsPerBatch;
  for (let batch = 0; batch < batches; batch++) {
    const uniqueFold = new UniqueFold(simulatedShard, uniques);
    const { runs } = fold(simulatedShard, batchOf(batch), undefined, uniqueFold.add);
    for (const run of runs) add(sums.counters, counters.write(run));
    for (const run of uniqueFold.runs()) {
      const { packed, single } = sketches.write(run);
      if (run.key.pk.includes('-total#')) add(sums.total, packed);
      else {
        add(sums.page, packed);
        add(sums.single, single);
      }
    }
  }

  function batchOf(batch: number): ShardRecord[] {
    const size = recordsPerSecond * secondsPerBatch;
    return Array.from({ length: size }, (_, index) => {
      const at = hour + ((batch * size + index) / recordsPerSecond) * 1000;
      return {
        sequenceNumber: String(10n ** 55n + BigInt(batch * size + index)),
        data: Buffer.from(JSON.stringify(clicks.next(Math.floor(at)))),
        arrivedAt: Math.floor(at),
      };
    });
  }

  const thousands = (recordsPerSecond * minutes * 60) / 1000;
  const row = (layout: WriteUnitRow['layout'], ...parts: readonly Writes[]): WriteUnitRow => ({
    recordsPerSecond,
    pages,
    minutes,
    layout,
    unitsPerThousandRecords: parts.reduce((sum, { units }) => sum + units, 0) / thousands,
    writesPerBatch: parts.reduce((sum, { items }) => sum + items, 0) / batches,
  });
  return [
    row('off', sums.counters),
    row('total', sums.counters, sums.total),
    row('page', sums.counters, sums.total, sums.page),
    row('page-an-item-each', sums.counters, sums.total, sums.single),
  ];
}
