import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { decodeBody } from '../../../domain/counters/delta-body';
import { partsOf } from '../../../domain/counters/item';
import { TableAttributes } from '../../../domain/counters/table-layout';
import { formatWindow } from '../../../domain/counters/window';
import type { DynamoCalls } from '../../../table/dynamo-calls';
import type { Counts } from './map-each';

let bodies: Uint8Array[] = [];
const $metadata = {};

/** Stands for the module of this name in the aggregator's bundle: a table that has nothing and takes everything at once. */
export function dynamoCalls(_client: DynamoDBClient): DynamoCalls {
  return {
    get: async () => ({ $metadata }),
    batchGet: async () => ({ $metadata }),
    query: async () => ({ $metadata, Items: [] }),
    update: async () => ({ $metadata }),
    put: async ({ Item }) => {
      const body = Item?.[TableAttributes.body]?.B;
      if (body) bodies.push(body);
      return { $metadata };
    },
  };
}

/** What the deltas since the last time come to in the items. */
export function takeCounts(): Counts {
  const taken: Counts = new Map();
  for (const body of bodies) {
    for (const { address, counts } of partsOf(decodeBody(body)).values()) {
      const window = `${address.size} ${formatWindow(address.start)}`;
      for (const [dimension, { values }] of counts) {
        for (const [value, count] of values) {
          const counter = `${dimension} ${window} ${value}`;
          taken.set(counter, (taken.get(counter) ?? 0) + count);
        }
      }
    }
  }
  bodies = [];
  return taken;
}
