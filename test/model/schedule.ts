import fc from 'fast-check';
import type { CallFault, InvocationPlan, SuddenEnd } from './connection';

/** A step of a mapping's life. Numbers that are too large for the moment wrap around. */
export type Step =
  | {
      readonly kind: 'invoke';
      readonly shard: number;
      /** Records of a new batch; what is left of one, or a half, goes as it is. */
      readonly length: number;
      readonly environment: number;
      readonly plan: InvocationPlan;
      /** Whether the mapping never sees the function's answer. */
      readonly answerLost: boolean;
      readonly bisect: boolean;
    }
  /** The first records of a batch are too old, or all of it has used up its retries. */
  | { readonly kind: 'give-up'; readonly shard: number; readonly length: number; readonly count: number }
  /** Somebody repairs what was given up, while the archive has so many records of the shard behind it. */
  | { readonly kind: 'repair'; readonly which: number; readonly ahead: number; readonly plan: InvocationPlan }
  /** The mapping goes on from checkpoints that it had at some time, each as many before its last. */
  | { readonly kind: 'restart'; readonly back: readonly number[] }
  | { readonly kind: 'cold-start'; readonly environment: number }
  /** Something of the past comes to pass. */
  | { readonly kind: 'later'; readonly which: number };

export interface Schedule {
  readonly steps: readonly Step[];
  /** Whether what is late comes to pass before the mapping has ended its work, or after. */
  readonly lateComesLast: boolean;
  /** Whether in the end everything is repaired that was given up. */
  readonly isRepaired: boolean;
}

export const environments = 2;

const callFault: fc.Arbitrary<CallFault> = fc.constantFrom(
  'lost-before',
  'lost-after',
  'resent',
  'throttled',
  'late',
  'timeout-before',
  'timeout-after',
);

// A batch makes some fifteen calls, and more when its writes are split or refused.
const callNumber = fc.integer({ min: 0, max: 24 });

const suddenEnd: fc.Arbitrary<SuddenEnd> = fc.record({
  at: callNumber,
  kind: fc.constantFrom('dies', 'dies-late', 'freezes'),
});

export const invocationPlan: fc.Arbitrary<InvocationPlan> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ faults: [] }) },
  {
    weight: 4,
    arbitrary: fc
      .array(fc.record({ at: callNumber, kind: callFault }), { minLength: 1, maxLength: 4 })
      .map((faults) => ({ faults })),
  },
  { weight: 3, arbitrary: suddenEnd.map((end) => ({ faults: [], end })) },
);

const shard = fc.nat(2);
const length = fc.integer({ min: 1, max: 6 });
const environment = fc.nat(environments - 1);
const sometimes = fc.nat(5).map((n) => n === 0);

const invoke: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('invoke'),
  shard,
  length,
  environment,
  plan: invocationPlan,
  answerLost: sometimes,
  bisect: fc.boolean(),
});

const giveUp: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('give-up'),
  shard,
  length,
  count: length,
});

const others: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('restart'), back: fc.tuple(fc.nat(4), fc.nat(4), fc.nat(4)) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cold-start'), environment }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('later'), which: fc.nat(9) }) },
);

function scheduleOf(step: fc.Arbitrary<Step>, isRepaired = false): fc.Arbitrary<Schedule> {
  return fc.record({
    steps: fc.array(step, { minLength: 1, maxLength: 14, size: 'max' }),
    lateComesLast: fc.boolean(),
    isRepaired: fc.constant(isRepaired),
  });
}

/** Everything that a mapping may do but to give up on records. */
export const scheduleWithoutGivingUp: fc.Arbitrary<Schedule> = scheduleOf(
  fc.oneof({ weight: 7, arbitrary: invoke }, { weight: 2, arbitrary: others }),
);

export const scheduleWithGivingUp: fc.Arbitrary<Schedule> = scheduleOf(
  fc.oneof(
    { weight: 6, arbitrary: invoke },
    { weight: 2, arbitrary: giveUp },
    { weight: 2, arbitrary: others },
  ),
);

const repair: fc.Arbitrary<Step> = fc.record({
  kind: fc.constant('repair'),
  which: fc.nat(9),
  ahead: fc.nat(6),
  plan: invocationPlan,
});

/** Repairs at any moment, of which some fail or die, and in the end of all that is left to repair. */
export const scheduleWithRepairs: fc.Arbitrary<Schedule> = scheduleOf(
  fc.oneof(
    { weight: 6, arbitrary: invoke },
    { weight: 2, arbitrary: giveUp },
    { weight: 2, arbitrary: repair },
    { weight: 2, arbitrary: others },
  ),
  true,
);
