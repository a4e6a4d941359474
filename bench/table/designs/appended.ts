import { positionOf } from '../../../domain/event/position';
import { never } from '../../never';
import { add, counterRuns, nameOf, shard, sumOf } from '../counters';
import type { TableDesign } from '../design';

/** What a batch has counted by minute, in an item of its own; hours are sums of minutes. */
export const appended: TableDesign = {
  name: 'appended',
  what: 'floor: the batch’s own counts alone, by minute',
  isExact: false,
  count: async (table, TableName, records) => {
    const minutes = counterRuns(records).filter(({ window }) => window.startsWith('minute#'));
    await table.put(
      {
        TableName,
        Item: {
          pk: { S: shard },
          sk: { S: positionOf(records[0]!.sequenceNumber, 0) },
          ...Object.fromEntries(minutes.map((run) => [nameOf(run), { N: String(sumOf(run)) }])),
        },
      },
      never,
    );
  },
  read: ({ pk, sk, ...counts }, counters) => {
    for (const [name, { N }] of Object.entries(counts)) {
      const [dimension, , start, ...value] = name.split('#');
      const hour = `hour#${start!.slice(0, 13)}:00:00Z`;
      add(counters, name, Number(N));
      add(counters, nameOf({ dimension: dimension!, window: hour, value: value.join('#') }), Number(N));
    }
  },
};
