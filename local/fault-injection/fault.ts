import { type Random, seededRandom } from '../../domain/numbers/random';
import type { Service } from '../../emulators/clients';
import type { ChaosProfile, FaultKind } from './profile';

/** What happens to one request. */
export interface Fault {
  readonly kind: FaultKind;
  readonly after: boolean;
  /** For `slow`. */
  readonly delayMs: number;
  /** For `partial`. */
  readonly share: number;
  /** For whatever else has to be decided about this request. */
  readonly random: Random;
}

/**
 * Decides on the n-th request of an operation. The same seed decides alike, whatever other requests come between and
 * whenever they come.
 */
export function decideFault(
  { faults }: ChaosProfile,
  seed: string,
  service: Service,
  operation: string,
  n: number,
): Fault | undefined {
  const rules = faults.filter(
    (rule) => rule.service === service && (rule.operations?.includes(operation) ?? true),
  );
  if (rules.length === 0) return undefined;
  const random = seededRandom(`${seed} ${service} ${operation} ${n}`);
  const rule = drawnRule(rules, random);
  if (!rule) return undefined;
  const { kind, after = false, delayMs: [least, most] = [0, 0], share = 0 } = rule;
  return { kind, after, delayMs: least + random.float() * (most - least), share, random };
}

/** Of rules that exclude each other, the one that is drawn; undefined for none. */
export function drawnRule<Rule extends { readonly probability: number }>(
  rules: readonly Rule[],
  random: Random,
): Rule | undefined {
  let drawn = random.float();
  for (const rule of rules) {
    if (drawn < rule.probability) return rule;
    drawn -= rule.probability;
  }
  return undefined;
}
