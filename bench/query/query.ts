import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { type ArchiveSource, openCopy } from '../../analytics/duckdb/archive-copy';
import { duckdbType } from '../../analytics/duckdb/column-types';
import { dialect } from '../../analytics/duckdb/dialect';
import { openSession } from '../../analytics/duckdb/session';
import { readQuestions } from '../../analytics/questions';
import { views } from '../../analytics/views';
import { parseOptions } from '../../cli/arguments';
import { archiveColumns, partitionColumns } from '../../domain/archive/columns';
import { timed } from '../compare';
import { commonOptions, markdownTable, report } from '../report';
import { writeArchive } from './archive-files';

/** A question in seconds: over the copy, over the files as they lie, and by a shell where one can write it. */
interface Timed {
  readonly name: string;
  readonly copy: number;
  readonly files: number;
  readonly shell?: number;
  /** All answers were the same. */
  readonly right: boolean;
}

const topPages = 'SELECT page, count(*) AS n FROM events GROUP BY page ORDER BY n DESC, page LIMIT 3';
/** The same by `zcat` and `jq`, which count the copies that Firehose made as well. */
const topPagesByShell = `find "$0" -name 'object-*.gz' -exec zcat {} + | jq -r .page | sort | uniq -c | sort -k1,1nr -k2 | head -3`;

/**
 * Measures questions over a million events beside DuckDB over the plain files, and `zcat | jq`.
 *
 * @param args `--json`; `--short`: over 20,000 events
 */
export async function benchmarkQuery(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const events = values.short ? 20_000 : 1_000_000;
  const folder = await mkdtemp(join(tmpdir(), 'query-'));
  try {
    const paths = await writeArchive(folder, events);
    const file = join(folder, 'copy.duckdb');
    const source = filesAsBucket(paths);
    const copying = await seconds(async () => {
      const copy = await openCopy(file);
      await copy.bring(await copy.plan(source, () => true), source, () => {});
      copy.close();
    });
    const { size } = await stat(file);
    const [copy, files] = [await copySession(file), await fileSession(folder)];
    const results: Timed[] = [];
    for (const { name, sql } of [{ name: 'top pages', sql: topPages }, ...readQuestions()]) {
      results.push(await time(name, sql, copy, files, name === 'top pages' ? folder : undefined));
    }
    copy.close();
    files.close();
    report(
      values,
      { events, copySeconds: copying, copyMiB: size / 1024 ** 2, results },
      () => textOf(events, copying, size, results),
      results,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function textOf(events: number, copying: number, size: number, results: readonly Timed[]): string {
  const figure = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(2));
  const rows = results.map(({ name, copy, files, shell }) => [
    name,
    figure(copy),
    figure(files),
    figure(files / copy),
    figure(shell),
  ]);
  return [
    `${events.toLocaleString('en-US')} events; copied in ${copying.toFixed(1)} s, ${(size / 1024 ** 2).toFixed(0)} MiB`,
    markdownTable(['question', 'copy, s', 'plain files, s', 'files × copy', 'zcat and jq, s'], rows),
  ].join('\n\n');
}

interface Asked {
  ask(sql: string): Promise<string>;
  close(): void;
}

async function time(
  name: string,
  sql: string,
  copy: Asked,
  files: Asked,
  folder: string | undefined,
): Promise<Timed> {
  let answers: string[] = [];
  const ask = (asked: Asked) => seconds(async () => void answers.push(await asked.ask(sql)));
  const [ofCopy, ofFiles] = [await ask(copy), await ask(files)];
  const isSame = answers[0] === answers[1];
  answers = [];
  if (folder === undefined) return { name, copy: ofCopy, files: ofFiles, right: isSame };
  let counted = '';
  const shell = await seconds(async () => {
    const { stdout } = await promisify(execFile)('sh', ['-c', topPagesByShell, folder]);
    counted = JSON.stringify(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.trim().split(' ').reverse()),
    );
  }).catch(() => undefined);
  // A machine without jq has no third column.
  const isShellRight =
    shell === undefined || counted === (await copy.ask(topPages)).replace(/(\d+)\]/g, '"$1"]');
  return {
    ...{ name, copy: ofCopy, files: ofFiles },
    ...(shell === undefined ? {} : { shell }),
    right: isSame && isShellRight,
  };
}

async function copySession(file: string): Promise<Asked> {
  const session = await openSession(file);
  return {
    async ask(sql) {
      const all: unknown[] = [];
      for await (const some of (await session.run(sql)).rows) all.push(...some);
      return JSON.stringify(all);
    },
    close: session.close,
  };
}

/** The same views over the objects as they lie, which are read and parsed with every question. */
async function fileSession(folder: string): Promise<Asked> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  for (const macro of dialect) await connection.run(macro);
  const types = [...archiveColumns, ...partitionColumns].map(
    ({ name, type }) => `'${name}': '${duckdbType(type)}'`,
  );
  await connection.run(
    `CREATE VIEW archive AS SELECT * FROM read_json('${folder}/events/**/*.gz', format = 'newline_delimited',
      hive_partitioning = true, hive_types_autocast = false, columns = {${types.join(', ')}})`,
  );
  for (const { name, sql } of views) await connection.run(`CREATE VIEW ${name} AS ${sql}`);
  return {
    async ask(sql) {
      const reader = await connection.runAndReadAll(sql);
      const plain = (_: string, value: unknown) => (typeof value === 'bigint' ? Number(value) : value);
      return JSON.stringify(reader.getRowsJS(), plain);
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function filesAsBucket(paths: ReadonlyMap<string, string>): ArchiveSource {
  return {
    async *objects(prefix) {
      for (const [key, path] of paths) {
        if (!key.startsWith(prefix)) continue;
        yield { key, etag: 'only', bytes: (await stat(path)).size, writtenAt: 0 };
      }
    },
    get: (key) => readFile(paths.get(key)!),
  };
}

async function seconds(work: () => Promise<void>): Promise<number> {
  return (await timed(work)).ms / 1_000;
}
