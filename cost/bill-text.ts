import { perMillion } from './baselines';
import type { Bill } from './bill';
import type { CostOptions } from './command-line';
import type { CostLine, Service } from './cost-line';
import { totalOf } from './cost-line';
import { hoursPerMonth, million, secondsPerMonth } from './units';

/** The bill as a table for people: every line, and what it is made of. */
export function billText(bill: Bill, options: CostOptions): string {
  const { cost } = bill;
  const services = [...new Set(cost.lines.map(({ service }) => service))];
  const rows = services.flatMap((service) =>
    serviceRows(service, cost.lines, bill.idleByService[service] ?? 0),
  );
  return [
    headText(bill, options),
    tableOf(rows),
    sumText(bill, options),
    ...savingsText(bill),
    ...baselineText(bill, options),
    shardText(bill, options),
  ].join('\n\n');
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

function sumText({ cost, idle, afterAYear }: Bill, { month }: CostOptions): string {
  const { dollarsPerMillion } = cost;
  return [
    `total ${dollars(cost.dollars)} a month`,
    ...(dollarsPerMillion === undefined ? [] : [`$${dollarsPerMillion.toFixed(3)} a million events`]),
    `idle ${dollars(idle)}`,
    ...(month === 12 ? [] : [`month 12 ${dollars(afterAYear)}`]),
  ].join('; ');
}

function baselineText({ baselines }: Bill, { traffic }: CostOptions): string[] {
  if (!baselines) return [];
  const rows = [
    ['without any table', baselines.withoutTable],
    ['an update a record, unpacked, inexact', baselines.updateEach],
    ['a transaction a record, unpacked, exact', baselines.transactionEach],
  ] as const;
  const amounts = rows.map(([, amount]) => dollars(amount));
  const width = Math.max(...amounts.map(({ length }) => length));
  return [
    [
      'with other tables',
      ...rows.map(([what, amount], row) => {
        const million = perMillion(amount, traffic.eventsPerSecond).toFixed(3);
        return `  ${what.padEnd(42)}${amounts[row]!.padStart(width)} a month; $${million} a million events`;
      }),
    ].join('\n'),
  ];
}

function savingsText({ savings }: Bill): string[] {
  if (savings.length === 0) return [];
  const width = Math.max(...savings.map(({ option }) => option.length));
  const amounts = savings.map((saving) => dollars(saving.dollars));
  const amountWidth = Math.max(...amounts.map(({ length }) => length));
  const rows = savings.map(
    ({ option, instead }, row) =>
      `  ${option.padEnd(width)}  ${amounts[row]!.padStart(amountWidth)} a month less; ${instead}`,
  );
  return [['what would lower it most, each by itself', ...rows].join('\n')];
}

function serviceRows(service: Service, lines: readonly CostLine[], idle: number): string[][] {
  const own = lines.filter((line) => line.service === service && line.dollars > 0);
  if (own.length === 0) return [];
  return [
    [service, '', '', '', dollars(totalOf(own)), dollars(idle)],
    ...own.map(({ driver, quantity, unit, price, per, dollars: sum }) => [
      `  ${driver}`,
      count(quantity),
      unit,
      `$${price.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 12 })}${per === 1 ? '' : ` / ${count(per)}`}`,
      dollars(sum),
      '',
    ]),
  ];
}

function tableOf(rows: readonly (readonly string[])[]): string {
  const heads = ['', 'quantity', 'unit', 'price', 'a month', 'idle'];
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const isText = [true, false, true, true, false, false];
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          isText[column] ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function shardText({ cost, need, choice }: Bill, { traffic, settings }: CostOptions): string {
  const { shards, byRecords, byBytesIn, byBytesOut } = need;
  const { peakEventsPerSecond: peak, eventsPerSecond } = traffic;
  const has = cost.flow.shards === shards ? '' : `, priced ${cost.flow.shards} (${settings.streamMode})`;
  const lines = [
    `shards for ${count(peak)} events/s at the busiest: ${shards}${has}`,
    `  by records ${count(byRecords)}, by bytes in ${count(byBytesIn)}, by bytes out to ${traffic.readers} consumers ${count(byBytesOut)}`,
  ];
  if (!choice) return `${lines.join('\n')}\n`;
  const { provisioned, onDemand, changesAt, onDemandFromPeak } = choice;
  const cheaper = provisioned <= onDemand ? 'provisioned' : 'on demand';
  const ratio = count(peak / eventsPerSecond);
  return `${[
    ...lines,
    `stream a month: provisioned ${dollars(provisioned)}, on demand ${dollars(onDemand)}`,
    changesAt === undefined
      ? `  ${cheaper} is cheaper at any rate with a peak of ${ratio} × the mean`
      : `  with a peak of ${ratio} × the mean the cheaper one changes at ${count(changesAt)} events/s`,
    onDemandFromPeak === undefined
      ? `  at this rate no peak makes on demand the cheaper one`
      : `  at this rate on demand is cheaper from a peak of ${count(onDemandFromPeak)} events/s`,
  ].join('\n')}\n`;
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
