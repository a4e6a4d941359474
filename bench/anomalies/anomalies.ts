import { parseOptions } from '../../cli/arguments';
import { type Finding, findAnomalies } from '../../domain/anomalies/findings';
import { commonOptions, markdownTable, report } from '../report';
import { detectors } from './detectors';
import { evaluate, falseAlarmsAWeek, type LabelledSeries, type Score, sumOf } from './evaluate';
import { readNab } from './nab';
import { type Fault, makeTraffic, type Traffic } from './traffic';

interface Row extends Score {
  readonly series: string;
  readonly detector: string;
}

interface JudgedTraffic extends Traffic {
  readonly findings: readonly Finding[];
}

/** Seldom visited, and well: clicks of an average hour. */
const sizes = [60, 600] as const;
const seedsOfASize = 5;

/** What is found, and how often an alarm is false, beside detectors without seasons. @throws SetupError */
export async function benchmarkAnomalies(args: readonly string[]): Promise<void> {
  const options = parseOptions(args, { ...commonOptions, nab: { type: 'string' } });
  const sites = sizes.slice(0, options.short ? 1 : undefined).map((clicksPerHour) => ({
    clicksPerHour,
    traffic: Array.from({ length: options.short ? 1 : seedsOfASize }, (_, seed): JudgedTraffic => {
      const traffic = makeTraffic(String(seed), clicksPerHour);
      return { ...traffic, findings: findAnomalies(traffic, 0) };
    }),
  }));
  const rows = sites.flatMap(({ clicksPerHour, traffic }) => [
    ...rowsOf(`total, ${clicksPerHour} clicks an hour`, traffic.map(totalOf)),
    siteRow(`all that is judged, ${clicksPerHour} clicks an hour`, traffic),
  ]);
  const faults = faultsFound(sites.map(({ traffic }) => traffic));
  const nab = options.nab === undefined ? [] : nabRows(readNab(options.nab));
  const text = () =>
    [
      ...['Two weeks of generated clicks with faults, after four without', tableOf(rows)],
      ...[
        'Found of each fault',
        markdownTable(['fault', ...sites.map(({ clicksPerHour }) => `${clicksPerHour}/h`)], faults),
      ],
      ...(nab.length === 0 ? [] : ['NAB, by the hour, the first week left out', tableOf(nab)]),
    ].join('\n\n');
  const quiet = rows.filter(({ detector }) => detector === detectors[0]!.name || detector === siteDetector);
  report(options, { rows, faults, nab }, text, [
    {
      name: 'no more than one false alarm in two weeks',
      right: quiet.every((row) => falseAlarmsAWeek(row) <= 0.5),
    },
  ]);
}

function rowsOf(series: string, labelled: readonly LabelledSeries[]): Row[] {
  return detectors.map(({ name, alarms }) => ({
    ...{ series, detector: name },
    ...sumOf(labelled.map((one) => evaluate(alarms(one.counts), one))),
  }));
}

/** Every second series by its path: whoever chooses limits by one half can look at the other. */
function nabRows(series: readonly LabelledSeries[]): Row[] {
  const half = (rest: number) => series.filter((_, index) => index % 2 === rest);
  return [
    ...rowsOf('all', series),
    ...rowsOf('first, third, …', half(0)),
    ...rowsOf('second, fourth, …', half(1)),
  ];
}

function totalOf({ total, faults }: Traffic): LabelledSeries {
  const windows = faults.filter(({ subject }) => subject === 'total');
  return { name: 'total', counts: total, windows, explained: faults };
}

const siteDetector = 'the same, of total, types, ten pages, clicks a visitor';

function siteRow(series: string, traffic: readonly JudgedTraffic[]): Row {
  const scores = traffic.map((site): Score => {
    const alarms = site.total.map(() => false);
    for (const { from, to } of site.findings) alarms.fill(true, from, to);
    const found = site.faults.filter((fault) => isFound(site, fault)).length;
    return { ...evaluate(alarms, { windows: site.faults }), found };
  });
  return { series, detector: siteDetector, ...sumOf(scores) };
}

/** A fault counts as found by what it is of, and not by another counter that it moves as well. */
function isFound({ findings }: JudgedTraffic, { subject, value, from, to }: Fault): boolean {
  return findings.some(
    (finding) =>
      finding.subject === subject && finding.value === value && finding.from < to && from < finding.to,
  );
}

function faultsFound(sites: readonly (readonly JudgedTraffic[])[]): (readonly (string | number)[])[] {
  const faults = sites[0]![0]!.faults;
  return faults.map((fault) => [
    fault.name,
    ...sites.map((traffic) => {
      const found = traffic.filter((site) => isFound(site, fault)).length;
      return `${found} of ${traffic.length}`;
    }),
  ]);
}

function tableOf(rows: readonly Row[]): string {
  return markdownTable(
    ['series', 'detector', 'found', 'of', 'false alarms', 'weeks', 'false a week'],
    rows.map((row) => [
      ...[row.series, row.detector, row.found, row.windows, row.falseAlarms],
      ...[Math.round(row.weeks), falseAlarmsAWeek(row).toFixed(2)],
    ]),
  );
}
