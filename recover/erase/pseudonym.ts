import { hash64 } from '../../domain/numbers/hash64';
import { type Precision, touchOf } from '../../domain/visitors/sketch';

const precisions: readonly Precision[] = [10, 12];

/** Beyond this, one id in a hundred thousand needs longer; it gets a name that its sketches tell from it. */
const mostTries = 1 << 26;

/**
 * A name for nobody, that sketches of distinct visitors and sessions take for `id`: they have seen it already, so what
 * is counted again from the erased events is what was counted. Some 8,000 names are tried for most ids. It tells of
 * `id` what the sketches do, 12 bits of its hash.
 *
 * @param beginning of the name; random, so that the name cannot be found by trying
 */
export function pseudonymFor(id: string, beginning: string): string {
  const touches = precisions.map((precision) => touchOf(precision, hash64(id)));
  for (let tries = 0; tries < mostTries; tries++) {
    const name = `erased-${beginning}-${tries.toString(36)}`;
    const hash = hash64(name);
    if (precisions.every((precision, at) => touchOf(precision, hash) === touches[at])) return name;
  }
  return `erased-${beginning}`;
}
