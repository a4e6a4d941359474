import { referrerHost } from '../../../domain/referrer';
import { deviceOf } from '../../../domain/user-agent';
import { addTo, parsingCounter } from './counts';

const hourMs = 3_600_000;

/** The baseline counts what the product counts, and has devices and hosts from the product's functions, which remember them. */
export const { handler, takeCounts } = parsingCounter((counts, click, arrivedAt) => {
  const { timestamp, type, page, element, referrer, userAgent } = click;
  const { deviceClass, isBot } = deviceOf(userAgent);
  const values = {
    total: 'all',
    type,
    page,
    element,
    referrer: referrerHost(referrer),
    device: deviceClass,
    bot: isBot ? 'bot' : 'human',
    late: arrivedAt - Date.parse(timestamp) > hourMs ? 'late' : undefined,
  };
  const minute = `minute ${timestamp.slice(0, 16)}:00Z`;
  const hour = `hour ${timestamp.slice(0, 13)}:00:00Z`;
  for (const [dimension, value] of Object.entries(values)) {
    if (value === undefined) continue;
    addTo(counts, `${dimension} ${minute} ${value}`, 1);
    addTo(counts, `${dimension} ${hour} ${value}`, 1);
  }
});
