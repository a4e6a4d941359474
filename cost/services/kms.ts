import type { Settings } from '../../lib/settings';
import { type CostLine, costLine } from '../cost-line';
import { assumed } from '../measured';
import type { PriceList } from '../prices';
import { hoursPerMonth } from '../units';

/**
 * The stream is always encrypted: with a key of AWS's, which costs its requests only, or with the customer's own,
 * which the archive then uses as well, through a bucket key: an object is a request at the most. A key that is only
 * granted costs its keeping.
 *
 * @param objects that are written to the archive in a month
 */
export function kmsLines(
  objects: number,
  { encryption }: Pick<Settings, 'encryption'>,
  { prices }: PriceList,
): CostLine[] {
  const encrypts = encryption === 'customer-managed';
  const requests = assumed.streamKeyRequestsPerHour * hoursPerMonth + (encrypts ? objects : 0);
  return [
    ...(encryption === 'aws-managed' ? [] : [costLine('KMS', 'the key', 1, prices.key)]),
    costLine('KMS', 'requests', requests, prices.keyRequest),
  ];
}
