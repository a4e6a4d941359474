import { type Mutant, mutantsOf } from './mutant';

const inWrite = mutantsOf('lambda/aggregator/conditional-write.ts');

/** Mistakes in what is made of the answer to a write under a condition. */
export const conditionalWriteMutants: readonly Mutant[] = [
  inWrite(
    'takes a fault for success',
    'if (!(error instanceof ConditionalCheckFailedException)) throw error;',
    'if (!(error instanceof ConditionalCheckFailedException)) return { written: true, retries: 0 };',
  ),
  inWrite(
    'takes a refusal for success',
    'return { written: false, retries',
    'return { written: true, retries',
  ),
  inWrite('does not say what the item holds', '...(held ? { held } : {})', '...(held ? {} : {})'),
];
