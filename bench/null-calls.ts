import type { DynamoCalls } from '../table/dynamo-calls';

/** A table that has nothing and takes everything at once. */
export const nullCalls: DynamoCalls = {
  get: async () => ({ $metadata: {} }),
  batchGet: async () => ({ $metadata: {} }),
  query: async () => ({ $metadata: {}, Items: [] }),
  put: async () => ({ $metadata: {} }),
  update: async () => ({ $metadata: {} }),
};
