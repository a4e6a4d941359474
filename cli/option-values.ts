import { SetupError } from './setup-error';

/** A positive number, or undefined where the option was not given. */
export function numberOption(
  name: string,
  text: string | undefined,
  { most, whole }: { readonly most: number; readonly whole: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= most && (!whole || Number.isSafeInteger(value))) return value;
  const allowed = whole ? `a whole number from 1 to ${most}` : `a number above 0, up to ${most}`;
  throw new SetupError(`--${name} is "${text}"; allowed: ${allowed}`);
}

/**
 * A port, 0 for any; undefined where the option was not given.
 *
 * @param why there is a smaller `most` than the largest port, in brackets behind what is allowed
 */
export function portOption(text: string | undefined, most = 65_535, why?: string): number | undefined {
  if (text === undefined) return undefined;
  const port = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (port >= 0 && port <= most) return port;
  throw new SetupError(`--port is "${text}"; allowed: 0 to ${most}${why === undefined ? '' : ` (${why})`}`);
}

/** A probability, written as such (`0.01`) or in per cent (`1%`); undefined where the option was not given. */
export function probabilityOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits, percent] = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text) ?? [];
  const value = digits === undefined ? Number.NaN : Number(digits) / (percent === '%' ? 100 : 1);
  if (value >= 0 && value <= 1) return value;
  throw new SetupError(
    `--${name} is "${text}"; allowed: a probability from 0 to 1, or a percentage such as 1%`,
  );
}

/** One of the values allowed, or undefined where the option was not given. */
export function oneOf<const T extends string>(
  name: string,
  text: string | undefined,
  allowed: readonly T[],
): T | undefined {
  if (text === undefined) return undefined;
  const found = allowed.find((value) => value === text);
  if (found === undefined) throw new SetupError(`--${name} is "${text}"; allowed: ${allowed.join(', ')}`);
  return found;
}
