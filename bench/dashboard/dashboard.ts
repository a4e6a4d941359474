import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseOptions } from '../../cli/arguments';
import { startDashboard } from '../../dashboard/serve';
import { createClients } from '../../emulators/clients';
import { startDynamoDb } from '../../emulators/dynamodb';
import { createApi } from '../../query/api';
import { dynamoLogTable, type LogTable } from '../../table/log-table';
import { type Spread, spread, spreadText, timed } from '../compare';
import { commonOptions, markdownTable, report } from '../report';
import { type FilledTable, fillTable } from './filled-table';

interface Result {
  readonly name: string;
  /** Milliseconds of one answer: of a server that has just started, and of one that was asked before. */
  readonly first: Spread;
  readonly again: Spread;
  /** Milliseconds of CPU time, the table's among them. */
  readonly firstCpu: Spread;
  readonly againCpu: Spread;
  /** Of DynamoDB, for one answer each. */
  readonly firstUnits: Spread;
  readonly againUnits: Spread;
  readonly right: boolean;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** What the page asks for, at each refresh. */
const panels = [
  'series?dimension=total',
  ...['page', 'referrer', 'element', 'device', 'type'].map((name) => `top?dimension=${name}&limit=10`),
  'series?dimension=bot&value=bot',
  'series?dimension=late',
  'series?dimension=invalid',
  'uniques?unique=visitors',
  'uniques?unique=sessions',
] as const;

/**
 * Measures answers of the API over HTTP on a table of this machine: 1,000 pages, 30 days, as many clicks in each hour.
 *
 * @param args `--json`; `--short`: to see that it works, not how fast
 */
export async function benchmarkDashboard(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const effort = values.short
    ? { days: 2, clicksPerHour: 20, pages: 50, rounds: 1 }
    : { days: 30, clicksPerHour: 1_500, pages: 1_000, rounds: 7 };
  const folder = await mkdtemp(join(tmpdir(), 'dashboard-'));
  const emulator = await startDynamoDb({ port: 0, dataDir: folder });
  const { endpoint } = emulator;
  const clients = createClients({ kinesis: endpoint, dynamodb: endpoint, s3: endpoint }, 'eu-north-1');
  try {
    const filled = await fillTable(clients.dynamodb, effort);
    const results: Result[] = [];
    const table = () => dynamoLogTable(clients.dynamodb, filled.tableName);
    for (const days of [1, 30]) {
      for (const panel of [
        'series?dimension=total',
        'top?dimension=page&limit=10',
        'uniques?unique=visitors',
      ]) {
        results.push(
          await measure(
            `${days * 24} h: ${panel.split('&')[0]}`,
            [panel],
            days,
            filled,
            table,
            effort.rounds,
          ),
        );
      }
      results.push(
        await measure(`${days * 24} h: all panels at once`, panels, days, filled, table, effort.rounds),
      );
    }
    results.push(await measure('30 min: all panels at once', panels, 1 / 48, filled, table, effort.rounds));
    report(values, { effort, results }, () => text(results), results);
  } finally {
    clients.destroy();
    await emulator.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function measure(
  name: string,
  asked: readonly string[],
  days: number,
  filled: FilledTable,
  newTable: () => LogTable,
  rounds: number,
): Promise<Result> {
  const [first, again]: [Asked[], Asked[]] = [[], []];
  let right = true;
  for (let round = 0; round < rounds; round++) {
    const table = newTable();
    let now = filled.end;
    const api = createApi({
      pipeline: 'bench',
      settings: { uniqueVisitors: 'total', retentionDays: filled.retentionDays },
      table,
      health: async () => ({}),
      now: () => now,
      explain: () => undefined,
    });
    const dashboard = await startDashboard({ port: 0, api, buildPage: async () => new Map() });
    const to = filled.end;
    const range = `from=${new Date(to - days * dayMs).toISOString()}&to=${new Date(to).toISOString()}`;
    const ask = async (): Promise<Asked> => {
      const before = table.units.read;
      const {
        result: answers,
        ms,
        cpuMs,
      } = await timed(() =>
        Promise.all(
          asked.map(async (path) => {
            const answer = await fetch(`${dashboard.address}/api/${path}&${range}`);
            const { sum } = (await answer.json()) as { readonly sum?: number };
            return { path, status: answer.status, sum };
          }),
        ),
      );
      const expected = filled.clicksSince(to - days * dayMs);
      right &&= answers.every(
        ({ path, status, sum }) => status === 200 && (!path.includes('=page&') || sum === expected),
      );
      return { ms, cpuMs, units: table.units.read - before };
    };
    first.push(await ask());
    now += 5_000;
    await filled.countMore();
    again.push(await ask());
    await dashboard.close();
  }
  const of = (asked: readonly Asked[], figure: keyof Asked) => spread(asked.map((one) => one[figure]));
  return {
    ...{ name, right, first: of(first, 'ms'), again: of(again, 'ms') },
    ...{ firstCpu: of(first, 'cpuMs'), againCpu: of(again, 'cpuMs') },
    ...{ firstUnits: of(first, 'units'), againUnits: of(again, 'units') },
  };
}

interface Asked {
  readonly ms: number;
  readonly cpuMs: number;
  readonly units: number;
}

function text(results: readonly Result[]): string {
  return markdownTable(
    ['', 'first: ms', 'CPU', 'units', 'again: ms', 'CPU', 'units', 'right'],
    results.map(({ name, first, firstCpu, firstUnits, again, againCpu, againUnits, right }) => [
      name,
      spreadText(first, 0),
      firstCpu.median.toFixed(0),
      firstUnits.median.toFixed(1),
      spreadText(again, 0),
      againCpu.median.toFixed(1),
      againUnits.median.toFixed(1),
      right ? 'yes' : 'NO',
    ]),
  );
}
