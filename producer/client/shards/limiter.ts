/** What one shard takes. */
export interface ShardBudget {
  /** Data and partition keys. */
  readonly bytesPerSecond: number;
  readonly recordsPerSecond: number;
}

/** AWS docs: Kinesis Data Streams quotas. The megabyte is read as the smaller of its two meanings. */
export const shardQuota: ShardBudget = { bytesPerSecond: 1_000_000, recordsPerSecond: 1000 };

/** How much of a shard's budget is left. */
export interface Limiter {
  /** The instant from which the next record may go: `now` or later. */
  readyAt(now: number): number;
  /** A record of so many bytes goes. It may be larger than what is left; the next ones then wait for longer. */
  spend(bytes: number, now: number): void;
  /** The shard took a record, … */
  accepted(now: number): void;
  /** … or refused one: others write to it too, or it takes less than it should. */
  throttled(now: number): void;
}

/** After it ran dry, a bucket opens with so much in it, lest every record get a request of its own. */
const reopensWithSeconds = 0.05;
const decrease = 0.7;
const leastShare = 0.005;
/** Of what it is: by a fixed step, a shard that takes a hundredth would be offered many times of that. */
const increasePerSecond = 0.1;
/** Refusals of one moment, such as a request's many entries, are one signal. */
const oneSignalMs = 500;
/**
 * Fewer refusals than one in so many are what it costs to find out how much a shard takes; or they have nothing to do
 * with how much is offered, and less would not help.
 */
const bearable = 1 / 8;
/** What was answered longer ago counts half, and so on. */
const halfLifeMs = 250;

/**
 * Two token buckets, for bytes and records, that hold one second's budget at most. The share of the budget
 * that is used adapts: times 0.7 when more than an eighth of the records is refused, and a tenth more in each second.
 */
export function createLimiter({ bytesPerSecond, recordsPerSecond }: ShardBudget, start: number): Limiter {
  let share = 1;
  // In seconds of the budget, whatever the share is.
  let bytes = 1;
  let records = 1;
  let filledAt = start;
  let throttledAt = Number.NEGATIVE_INFINITY;
  let isDry = false;
  const answers = { accepted: 0, refused: 0, halvedAt: start };

  const fill = (now: number) => {
    const seconds = Math.max(0, now - filledAt) / 1000;
    share = Math.min(1, share * (1 + increasePerSecond) ** seconds);
    bytes = Math.min(1, bytes + seconds * share);
    records = Math.min(1, records + seconds * share);
    filledAt = Math.max(now, filledAt);
  };

  const age = (now: number) => {
    const halvings = Math.floor((now - answers.halvedAt) / halfLifeMs);
    if (halvings < 1) return;
    answers.halvedAt += halvings * halfLifeMs;
    answers.accepted *= 0.5 ** halvings;
    answers.refused *= 0.5 ** halvings;
  };

  return {
    readyAt(now) {
      fill(now);
      const left = Math.min(bytes, records);
      if (left <= 0) isDry = true;
      const missing = isDry ? reopensWithSeconds * share - left : 0;
      if (missing > 1e-9) return now + Math.max(1, (missing / share) * 1000);
      isDry = false;
      return now;
    },
    spend(size, now) {
      fill(now);
      bytes -= size / bytesPerSecond;
      records -= 1 / recordsPerSecond;
    },
    accepted(now) {
      age(now);
      answers.accepted++;
    },
    throttled(now) {
      age(now);
      answers.refused++;
      const { accepted, refused } = answers;
      if (now - throttledAt < oneSignalMs || refused <= bearable * (accepted + refused)) return;
      fill(now);
      throttledAt = now;
      answers.accepted = 0;
      answers.refused = 0;
      share = Math.max(leastShare, share * decrease);
    },
  };
}
