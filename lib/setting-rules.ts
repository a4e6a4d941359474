/** What one setting accepts, and its default in each stage. */
export interface Rule<Value> {
  readonly dev: Value;
  readonly prod: Value;
  /** What is allowed, to finish the sentence "allowed is …". */
  readonly allowed: string;
  /** The typed value, or undefined when it is not allowed. */
  readonly parse: (value: unknown) => Value | undefined;
}

interface Defaults<Value> {
  readonly dev: Value;
  readonly prod: Value;
}

/** A whole number from `low` to `high`, both included; `unit` is for the message. */
export function integer(low: number, high: number, unit: string, defaults: Defaults<number>): Rule<number> {
  return {
    ...defaults,
    allowed: `a whole number from ${low} to ${high} (${unit})`,
    parse: (value) => {
      const number = typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value;
      const fits = typeof number === 'number' && Number.isInteger(number) && number >= low && number <= high;
      return fits ? number : undefined;
    },
  };
}

/** One of a few values, compared as text because the command line gives text. */
export function oneOf<const Value extends string | number>(
  choices: readonly Value[],
  defaults: Defaults<NoInfer<Value>>,
): Rule<Value> {
  return {
    ...defaults,
    allowed: `one of ${choices.join(', ')}`,
    parse: (value) =>
      typeof value === 'string' || typeof value === 'number'
        ? choices.find((choice) => String(choice) === String(value))
        : undefined,
  };
}

/** `true` or `false`. */
export function toggle(defaults: Defaults<boolean>): Rule<boolean> {
  return {
    ...defaults,
    allowed: 'true or false',
    parse: (value) => {
      if (value === true || value === 'true') return true;
      return value === false || value === 'false' ? false : undefined;
    },
  };
}

/** Text that matches `pattern`; `allowed` says in words what that is. */
export function text(pattern: RegExp, allowed: string, defaults: Defaults<string>): Rule<string> {
  return {
    ...defaults,
    allowed,
    parse: (value) => (typeof value === 'string' && pattern.test(value) ? value : undefined),
  };
}

/** A value as a message shows it. */
export function shown(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
