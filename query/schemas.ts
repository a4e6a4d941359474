import { anomalyKinds, subjects } from '../domain/anomalies/findings';
import { dimensionNames } from '../domain/counters/dimensions';
import { windowSizes } from '../domain/counters/window';
import { uniques, uniqueVisitorScopes } from '../domain/visitors/uniques';

const text = { type: 'string' } as const;
const instant = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' } as const;
const count = { type: 'integer' } as const;
const window = { enum: windowSizes } as const;

/** An object that has these members and no others. */
function object(required: Readonly<Record<string, object>>, optional: Readonly<Record<string, object>> = {}) {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  } as const;
}

function list(items: object): object {
  return { type: 'array', items };
}

const span = { from: instant, to: instant, window, zone: text };
const ofSpan = { keptFrom: instant };
const points = list(object({ at: instant, count }));
const estimate = object({ count, standardError: { type: 'number', minimum: 0, maximum: 1 } });

/** JSON Schemas of what `answers.ts` has. A test holds real answers against them. */
export const schemas = {
  About: object(
    {
      pipeline: text,
      dimensions: list({ enum: dimensionNames }),
      windows: list(window),
      uniqueVisitors: { enum: uniqueVisitorScopes },
      retentionDays: object(Object.fromEntries(windowSizes.map((size) => [size, count]))),
    },
    { place: text },
  ),
  Series: object(
    { ...span, dimension: { enum: dimensionNames }, points, sum: count },
    { ...ofSpan, value: text, previous: object({ from: instant, points, sum: count }) },
  ),
  Top: object(
    {
      ...span,
      dimension: { enum: dimensionNames },
      rows: list(object({ value: text, count }, { previous: count })),
      values: count,
      sum: count,
    },
    ofSpan,
  ),
  Uniques: object(
    {
      ...span,
      unique: { enum: [...new Set(uniques.map(({ name }) => name))] },
      scope: { enum: [...new Set(uniques.map(({ scope }) => scope))] },
      points,
    },
    { ...ofSpan, estimate, previous: estimate },
  ),
  Anomalies: object(
    {
      ...{ from: instant, to: instant },
      anomalies: list(
        object({
          ...{ subject: { enum: subjects }, value: text, kind: { enum: anomalyKinds } },
          ...{ from: instant, to: instant, count, expected: count },
          ...{ score: { type: 'number' }, isOpen: { type: 'boolean' } },
        }),
      ),
    },
    { judgedUntil: instant },
  ),
  Health: object(
    {
      now: instant,
      shards: list(object({ shard: text }, { countedUntil: instant })),
      lastHour: object({ clicks: count, invalid: count, duplicates: count }),
      lateness: object({ from: instant, to: instant, clicks: count, late: count }),
    },
    {
      countedUntil: instant,
      lagMs: object({}, { counting: { type: 'number' }, archive: { type: 'number' } }),
      lagAt: instant,
      givenUpBatches: count,
      alarms: list(
        object(
          {
            name: text,
            state: { enum: ['ALARM', 'OK', 'INSUFFICIENT_DATA'] },
            since: text,
            description: text,
            threshold: { type: 'number' },
            runbook: text,
          },
          { value: { type: 'number' }, comparison: text },
        ),
      ),
    },
  ),
  ApiError: object({ error: text }, { allowed: text }),
} as const;
