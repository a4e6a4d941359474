import { formatWindow, windowMs, windowStart } from '../domain/counters/window';
import { estimate, type Sketch, standardError } from '../domain/visitors/sketch';
import { decodeSketch } from '../domain/visitors/sketch-bytes';
import { type Unique, uniques, uniquesFor } from '../domain/visitors/uniques';
import { boundBefore, coverOf } from '../report/cover';
import { addSketch } from '../report/uniques-reader';
import { queryOfSketches } from '../table/queries';
import type { Estimate, Uniques } from './answers';
import { limits, ParameterError, type Parameters } from './parameters';
import type { ApiPorts } from './ports';
import { comparedWindows, spanOf, type Windows, windowsOf } from './span';

/**
 * `GET /api/uniques`. They are counted by hours of UTC, so that bounds are widened to those, and the answer says to which;
 * days of a zone that is a part of an hour from UTC are given as hours.
 *
 * @throws ParameterError
 */
export async function readUniqueEstimates(given: Parameters, ports: ApiPorts): Promise<Uniques> {
  const name = given.oneOf('unique', [...new Set(uniques.map((unique) => unique.name))]) ?? 'visitors';
  const scopes = uniques.filter((unique) => unique.name === name).map(({ scope }) => scope);
  const scope = given.oneOf('scope', scopes) ?? 'total';
  const value = given.text('value');
  if ((scope === 'page') !== (value !== undefined)) {
    throw new ParameterError(
      value === undefined ? 'value is missing' : `value is given with scope ${scope}`,
      'value with scope page, and with no other',
    );
  }
  const unique = uniques.find((one) => one.name === name && one.scope === scope)!;
  const kept = { now: ports.now(), retentionDays: ports.settings.retentionDays };
  const asked = windowsOf(given, kept);
  const windows = inHours(asked, unique);
  const answer = { ...spanOf(windows, kept), unique: name, scope };
  if (!uniquesFor(ports.settings.uniqueVisitors).includes(unique)) return { ...answer, points: [] };

  const before = comparedWindows(given, windows, kept);
  const estimatesIn = (of: Windows) => estimates(unique, value ?? 'all', of, ports);
  const [now, earlier] = await Promise.all([
    estimatesIn(windows),
    before && estimatesIn(inHours(before, unique)),
  ]);
  return {
    ...answer,
    ...(now.whole ? { estimate: now.whole } : {}),
    ...(earlier?.whole ? { previous: earlier.whole } : {}),
    points: now.points,
  };
}

interface Estimates {
  /** Undefined for a page that has no sketch of its own. */
  readonly whole: Estimate | undefined;
  readonly points: Uniques['points'];
}

async function estimates(
  unique: Unique,
  value: string,
  { bounds, ranges }: Windows,
  { views }: ApiPorts,
): Promise<Estimates> {
  const { items } = await views.read(ranges.map((range) => queryOfSketches(unique, range.size, range)));
  const windows = new Map<number | undefined, Sketch>();
  let isInOther = false;
  for (const item of items) {
    const { sketches, otherSketch } = item.content;
    if (otherSketch) isInOther ||= unique.scope === 'page';
    const bytes = sketches.get(value);
    if (bytes) addSketch(windows, boundBefore(bounds, item.start), decodeSketch(bytes));
  }
  const points = bounds.slice(0, -1).map((start) => {
    const sketch = windows.get(start);
    return { at: formatWindow(start), count: sketch ? Math.round(estimate(sketch)) : 0 };
  });
  const whole = new Map<string, Sketch>();
  for (const sketch of windows.values()) addSketch(whole, value, sketch);
  const merged = whole.get(value);
  if (!merged && isInOther) return { whole: undefined, points: [] };
  const error = Number(standardError(unique.precision).toFixed(5));
  return { whole: { count: merged ? Math.round(estimate(merged)) : 0, standardError: error }, points };
}

/** Bounds at whole hours of UTC. @throws ParameterError if those are too many */
function inHours({ size, zone, bounds }: Windows, { windows }: Unique): Windows {
  const from = windowStart('hour', bounds[0]!);
  const to = windowStart('hour', bounds.at(-1)! + windowMs.hour - 1);
  const inner = bounds.slice(1, -1);
  if (size !== 'minute' && inner.every((bound) => bound % windowMs.hour === 0)) {
    const whole = [from, ...inner, to];
    return { size, zone, bounds: whole, ranges: coverOf(whole, windows) };
  }
  const count = (to - from) / windowMs.hour;
  if (count > limits.points) {
    throw new ParameterError(
      `${zone.name} is a part of an hour from UTC, so that its days are given as hours, and the range has ${count}`,
      `at most ${limits.points} hours, or the zone UTC`,
    );
  }
  const hours = Array.from({ length: count + 1 }, (_, hour) => from + hour * windowMs.hour);
  return { size: 'hour', zone, bounds: hours, ranges: coverOf(hours, windows) };
}
