import { windowMs } from '../../domain/counters/window';
import type { ShardRecord } from '../../domain/event/shard-lines';
import { clickJson } from './click-factory';

/** Records of an hour's clicks: each visitor makes five, on pages in turn. */
export function clicksOfHour(
  start: number,
  clicks: number,
  {
    arrivedAt = start + windowMs.hour,
    pageOf = (click: number): string => (click % 3 === 0 ? '/buy' : '/home'),
    visitorOf = (click: number) => `visitor-${start}-${Math.floor(click / 5)}`,
  } = {},
): Pick<ShardRecord, 'data' | 'arrivedAt'>[] {
  if (clicks === 0) return [];
  const lines = Array.from({ length: clicks }, (_, click) =>
    clickJson({
      timestamp: new Date(start + Math.floor((click / clicks) * windowMs.hour)).toISOString(),
      page: pageOf(click),
      visitorId: visitorOf(click),
    }),
  );
  return [{ data: Buffer.from(lines.join('\n')), arrivedAt }];
}
