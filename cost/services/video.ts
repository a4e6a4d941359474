import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import type { PriceList } from '../prices';

/** Of the video stream by itself: its key. What is recorded has nothing to do with the traffic of clicks. */
export function videoLines({ video }: Pick<Settings, 'video'>, { prices }: PriceList): CostLine[] {
  return video ? [costLine('KMS', 'video: key', 1, prices.key)] : [];
}
