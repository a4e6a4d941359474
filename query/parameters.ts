import { dimensionNames } from '../domain/counters/dimensions';
import { windowSizes } from '../domain/counters/window';
import { uniques } from '../domain/visitors/uniques';

/** A parameter has a value that the API does not take. Answered with 400. */
export class ParameterError extends Error {
  override readonly name = 'ParameterError';

  /** @param allowed what is allowed instead */
  constructor(
    message: string,
    readonly allowed: string,
  ) {
    super(message);
  }
}

export const limits = {
  /** Windows of a range. */
  points: 1_500,
  /** Rows of a top. */
  rows: 1_000,
  defaultRows: 10,
  /** Characters of a value or a search. Values are cut at 200 bytes. */
  characters: 200,
} as const;

const uniqueNames = [...new Set(uniques.map(({ name }) => name))];
const uniqueScopes = [...new Set(uniques.map(({ scope }) => scope))];

/** Every parameter of the API, as OpenAPI has it. */
export const parameters = {
  dimension: {
    description: 'What is counted by. GET /api/about lists the dimensions.',
    schema: { type: 'string', enum: dimensionNames },
  },
  value: {
    description: 'One value of the dimension, or one page; without it all values together.',
    schema: { type: 'string', minLength: 1, maxLength: limits.characters },
  },
  unique: { description: 'What is counted once.', schema: { type: 'string', enum: uniqueNames } },
  scope: {
    description: 'Distinct over the whole site, or of the page that `value` names.',
    schema: { type: 'string', enum: uniqueScopes },
  },
  from: {
    description:
      'Start of the range: a date of the zone or an ISO 8601 time with its zone, to the minute, or to the hour or day where minutes are kept no longer. A day before `to` if it is missing.',
    schema: { type: 'string', example: '2026-01-31' },
  },
  to: {
    description: 'End of the range, not included, as `from`. The end of this hour if it is missing.',
    schema: { type: 'string', example: '2026-02-01' },
  },
  window: {
    description: `Size of the windows; by the length of the range if it is missing. At most ${limits.points} windows.`,
    schema: { type: 'string', enum: windowSizes },
  },
  zone: {
    description:
      'Name of the time zone database whose hours and days are meant: Europe/Berlin. UTC if it is missing.',
    schema: { type: 'string', maxLength: 64 },
  },
  compare: {
    description:
      'Adds a range of the same length: `previous`, the one just before, or the one that begins at a time, as `from`. It is left out of the answer if it is kept no longer.',
    schema: { type: 'string', example: 'previous' },
  },
  limit: {
    description: 'Rows of the answer.',
    schema: { type: 'integer', minimum: 1, maximum: limits.rows, default: limits.defaultRows },
  },
  search: {
    description: 'Only values that contain this text, in upper or lower case.',
    schema: { type: 'string', maxLength: limits.characters },
  },
  format: { description: 'JSON if it is missing.', schema: { type: 'string', enum: ['json', 'csv'] } },
} as const;

export type ParameterName = keyof typeof parameters;

/** The parameters of a request, each given once at the most. */
export interface Parameters {
  /** @throws ParameterError if it is longer than its schema says, or empty */
  text(name: ParameterName): string | undefined;
  /** @throws ParameterError if it is not one of those of its schema */
  oneOf<const T extends string>(name: ParameterName, allowed: readonly T[]): T | undefined;
  /** @throws ParameterError unless it is a whole number in the bounds of its schema */
  integer(name: ParameterName, least: number, most: number): number | undefined;
}

/** @throws ParameterError for a parameter that is not among the names, or is given twice */
export function readParameters(query: URLSearchParams, names: readonly ParameterName[]): Parameters {
  for (const name of query.keys()) {
    const allowed = names.length === 0 ? 'no parameters' : names.join(', ');
    if (!names.some((known) => known === name))
      throw new ParameterError(`${quoted(name)} is no parameter here`, allowed);
    if (query.getAll(name).length > 1)
      throw new ParameterError(`${name} is given more than once`, `${name} once`);
  }
  const get = (name: ParameterName): string | undefined => query.get(name) ?? undefined;
  return {
    text(name) {
      const text = get(name);
      if (text === undefined) return undefined;
      const length = [...text].length;
      if (length >= 1 && length <= limits.characters) return text;
      throw new ParameterError(`${name} has ${length} characters`, `1 to ${limits.characters} characters`);
    },
    oneOf(name, allowed) {
      const text = get(name);
      const found = allowed.find((value) => value === text);
      if (text === undefined || found !== undefined) return found;
      throw new ParameterError(`${name} is ${quoted(text)}`, allowed.join(', '));
    },
    integer(name, least, most) {
      const text = get(name);
      if (text === undefined) return undefined;
      const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= least && value <= most) return value;
      throw new ParameterError(`${name} is ${quoted(text)}`, `a whole number from ${least} to ${most}`);
    },
  };
}

const shownCharacters = 100;

/** A value as an error shows it: as JSON, so that nothing in it acts, and cut. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text);
}

/** @throws ParameterError for a dimension that is not counted */
export function dimensionOf(given: Parameters, standard: string): string {
  return given.oneOf('dimension', dimensionNames) ?? standard;
}
