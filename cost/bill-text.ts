import { perMillion } from './baselines';
import type { Bill } from './bill';
import type { CostOptions } from './command-line';
import { totalOf } from './cost-line';
import { hoursPerMonth, million, secondsPerMonth } from './units';

/** The bill as a table for people: every line, and what it is made of. */
export function billText(bill: Bill, options: CostOptions): string {
  return `${[
    headText(bill, options),
    linesText(bill),
    sumText(bill, options),
    ...savingsText(bill),
    ...baselineText(bill, options),
    shardText(bill, options),
  ].join('\n\n')}\n`;
}

function headText({ cost }: Bill, { traffic, settings, list, month }: CostOptions): string {
  const { eventsPerSecond, eventBytes, packing, pages, lateShare } = traffic;
  const records =
    packing === 'none' ? 'a record each' : `${cost.flow.eventsPerRecord} to a record (${packing})`;
  const events = (eventsPerSecond * secondsPerMonth) / million;
  return [
    `${count(eventsPerSecond)} events/s of ${count(eventBytes)} bytes, ${records}; ${count(pages)} pages, ${count(lateShare * 100)} % late`,
    `stage ${settings.stage}, ${list.region}, prices of ${list.date}; month ${month}, of ${hoursPerMonth} hours: ${count(events)} million events`,
  ].join('\n');
}

/** By service: its sum, and below it what makes it. */
function linesText({ cost, idleByService }: Bill): string {
  const services = [...new Set(cost.lines.map(({ service }) => service))];
  const rows = services.flatMap((service) => {
    const own = cost.lines.filter((line) => line.service === service && line.dollars > 0);
    if (own.length === 0) return [];
    return [
      [service, '', '', '', dollars(totalOf(own)), dollars(idleByService[service] ?? 0)],
      ...own.map(({ driver, quantity, unit, price, per, dollars: sum }) => [
        `  ${driver}`,
        ...[count(quantity), unit, priceText(price, per), dollars(sum), ''],
      ]),
    ];
  });
  return aligned([['', 'quantity', 'unit', 'price', 'a month', 'idle'], ...rows], [1, 4, 5]);
}

function priceText(price: number, per: number): string {
  const digits = { minimumFractionDigits: 2, maximumFractionDigits: 12 };
  return `$${price.toLocaleString('en-US', digits)}${per === 1 ? '' : ` / ${count(per)}`}`;
}

function sumText({ cost, idle, afterAYear }: Bill, { month }: CostOptions): string {
  const { dollarsPerMillion } = cost;
  return [
    `total ${dollars(cost.dollars)} a month`,
    ...(dollarsPerMillion === undefined ? [] : [`$${dollarsPerMillion.toFixed(3)} a million events`]),
    `idle ${dollars(idle)}`,
    ...(month === 12 ? [] : [`month 12 ${dollars(afterAYear)}`]),
  ].join('; ');
}

function savingsText({ savings }: Bill): string[] {
  if (savings.length === 0) return [];
  const rows = savings.map(({ option, instead, dollars: less }) => [
    ...[`  ${option}`, dollars(less), `a month less; ${instead}`],
  ]);
  return [`what would lower it most, each by itself\n${aligned(rows, [1], ['  ', ' '])}`];
}

function baselineText({ baselines }: Bill, { traffic }: CostOptions): string[] {
  if (!baselines) return [];
  const rows = (
    [
      ['without any table', baselines.withoutTable],
      ['an update a record, unpacked, inexact', baselines.updateEach],
      ['a transaction a record, unpacked, exact', baselines.transactionEach],
    ] as const
  ).map(([what, amount]) => {
    const million = perMillion(amount, traffic.eventsPerSecond).toFixed(3);
    return [`  ${what}`, dollars(amount), `a month; $${million} a million events`];
  });
  return [`with other tables\n${aligned(rows, [1], ['   ', ' '])}`];
}

function shardText({ cost, need, choice }: Bill, { traffic, settings }: CostOptions): string {
  const { shards, byRecords, byBytesIn, byBytesOut } = need;
  const { peakEventsPerSecond: peak, eventsPerSecond } = traffic;
  const has = cost.flow.shards === shards ? '' : `, priced ${cost.flow.shards} (${settings.streamMode})`;
  const lines = [
    `shards for ${count(peak)} events/s at the busiest: ${shards}${has}`,
    `  by records ${count(byRecords)}, by bytes in ${count(byBytesIn)}, by bytes out to ${traffic.readers} consumers ${count(byBytesOut)}`,
  ];
  if (!choice) return lines.join('\n');
  const { provisioned, onDemand, changesAt, onDemandFromPeak } = choice;
  const cheaper = provisioned <= onDemand ? 'provisioned' : 'on demand';
  const ratio = count(peak / eventsPerSecond);
  return [
    ...lines,
    `stream a month: provisioned ${dollars(provisioned)}, on demand ${dollars(onDemand)}`,
    changesAt === undefined
      ? `  ${cheaper} is cheaper at any rate with a peak of ${ratio} × the mean`
      : `  with a peak of ${ratio} × the mean the cheaper one changes at ${count(changesAt)} events/s`,
    onDemandFromPeak === undefined
      ? `  at this rate no peak makes on demand the cheaper one`
      : `  at this rate on demand is cheaper from a peak of ${count(onDemandFromPeak)} events/s`,
  ].join('\n');
}

/**
 * Cells below each other.
 *
 * @param toTheRight numbers of the columns that end below each other, not begin
 * @param gaps behind the columns, the last of them behind all others
 */
function aligned(rows: readonly string[][], toTheRight: readonly number[], gaps = ['  ']): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const cell = (text: string, column: number): string => {
    const width = widths[column]!;
    const padded = toTheRight.includes(column) ? text.padStart(width) : text.padEnd(width);
    return padded + (gaps[column] ?? gaps.at(-1)!);
  };
  return rows.map((row) => row.map(cell).join('').trimEnd()).join('\n');
}

function dollars(amount: number): string {
  if (amount > 0 && amount < 0.005) return '<$0.01';
  return `$${amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}

/** With as many digits as say something. */
function count(value: number): string {
  const digits = value >= 100 ? 0 : value >= 1 ? 1 : 3;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}
