import { isObject } from '../../domain/json/json-object';
export interface Bounds {
  readonly least?: number;
  /** As `least`, itself excluded. */
  readonly above?: number;
  readonly most: number;
  readonly whole?: boolean;
}

/**
 * Reads values of parsed JSON whose shape nobody has checked. What is wrong is noted as a problem, and something of
 * the right type returned, so that one reading finds all problems.
 */
export interface ModelReader {
  /** An object's members. @param allowed the names that it may have; undefined: any */
  object(value: unknown, at: string, allowed?: readonly string[]): Readonly<Record<string, unknown>>;
  list<T>(value: unknown, at: string, least: number, read: (item: unknown, at: string) => T): readonly T[];
  /** A text that is not empty. */
  text(value: unknown, at: string, fallback?: string): string;
  number(value: unknown, at: string, bounds: Bounds, fallback?: number): number;
  flag(value: unknown, at: string, fallback: boolean): boolean;
  problem(at: string, value: unknown, allowed: string): void;
  problems(): readonly string[];
}

const longestShown = 60;

export function createModelReader(): ModelReader {
  const problems: string[] = [];
  const problem = (at: string, value: unknown, allowed: string) => {
    const where = at === '' ? 'the model' : at;
    if (value === undefined) problems.push(`${where} is missing; allowed: ${allowed}`);
    else problems.push(`${where} is ${shown(value)}; allowed: ${allowed}`);
  };
  return {
    problem,
    problems: () => problems,
    object(value, at, allowed) {
      if (!isObject(value)) {
        problem(at, value, 'an object');
        return {};
      }
      for (const name of Object.keys(value)) {
        if (allowed && !allowed.includes(name)) {
          const where = at === '' ? name : `${at}.${name}`;
          problems.push(`${where} is not known; allowed: ${allowed.join(', ')}`);
        }
      }
      return value;
    },
    list(value, at, least, read) {
      if (Array.isArray(value) && value.length >= least)
        return value.map((item: unknown, index) => read(item, `${at}[${index}]`));
      problem(at, value, least > 0 ? 'a list that is not empty' : 'a list');
      return [];
    },
    text(value, at, fallback) {
      if (value === undefined && fallback !== undefined) return fallback;
      if (typeof value === 'string' && value !== '') return value;
      problem(at, value, 'a text that is not empty');
      return '';
    },
    number(value, at, bounds, fallback) {
      if (value === undefined && fallback !== undefined) return fallback;
      if (typeof value === 'number' && isWithin(value, bounds)) return value;
      problem(at, value, described(bounds));
      return 1;
    },
    flag(value, at, fallback) {
      if (value === undefined) return fallback;
      if (typeof value === 'boolean') return value;
      problem(at, value, 'true or false');
      return fallback;
    },
  };
}

function isWithin(value: number, { least, above, most, whole = false }: Bounds): boolean {
  if (value > most || (least !== undefined && value < least) || (above !== undefined && value <= above))
    return false;
  return !whole || Number.isInteger(value);
}

function described({ least, above, most, whole = false }: Bounds): string {
  const from = above === undefined ? `from ${least ?? 0}` : `above ${above}`;
  return `a ${whole ? 'whole ' : ''}number ${from}, up to ${most}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
