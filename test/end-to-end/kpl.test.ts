import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { readLocalPipeline } from '../../cli/local-pipeline';
import { eventIndex } from '../../domain/event/position';
import { createKinesisClient } from '../../producer/client/kinesis-client';
import { clickJson } from '../support/click-factory';
import { bytesField, kplAggregate, sealed } from '../support/kpl-encoder';
import { archivedEvents } from './archived-events';
import { runCommand, runReport, runToExit } from './local-pipeline';

const folder = mkdtempSync(join(tmpdir(), 'kpl-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const timestamp = '2026-03-01T09:59:30.000Z';
const click = (page: string) => clickJson({ page, timestamp });

/** Good, bad and odd aggregates, beside a record that is none. */
const records: Readonly<Record<string, Buffer>> = {
  good: kplAggregate([
    { data: click('/one'), partitionKey: 'visitor-1' },
    { data: click('/two'), partitionKey: 'visitor-2' },
    { data: click('/three'), partitionKey: 'visitor-1', explicitHashKey: '12345' },
  ]),
  // More than one invocation of the transformer takes, so that the checkpoint meets the midst of it.
  large: kplAggregate(Array.from({ length: 3_000 }, () => click('/large'))),
  innerLines: kplAggregate([`${click('/line')}\n${click('/line')}\noops`, click('/line')]),
  innerBad: kplAggregate([click('/beside-bad'), 'no json', '', '{"eventId":1}', '[]\n[]']),
  damaged: damaged(kplAggregate([click('/damaged')])),
  withoutRecords: sealed(bytesField(1, Buffer.from('visitor-1'))),
  nested: kplAggregate([kplAggregate([click('/nested'), click('/nested')]), click('/beside-nested')]),
  plain: Buffer.from(click('/plain')),
};

function damaged(aggregate: Buffer): Buffer {
  aggregate[aggregate.length - 1]! ^= 1;
  return aggregate;
}

it('KPL aggregates, good and bad, come through the running pipeline exactly', async () => {
  const dataDir = join(folder, 'state');
  const running = runCommand('local', '--data-dir', dataDir, '--port', '0', '--no-producer');
  await running.says('Ctrl-C delivers');
  const { region, credentials, endpoints, stream } = await readLocalPipeline(dataDir);
  const client = createKinesisClient({ region, credentials, endpoint: endpoints.kinesis });
  const put = await client.send(
    new PutRecordsCommand({
      StreamName: stream,
      Records: Object.values(records).map((Data) => ({ PartitionKey: 'outer', Data })),
    }),
  );
  expect(put.FailedRecordCount).toBe(0);
  client.destroy();
  running.child.kill('SIGINT');
  expect((await running.ended).code).toBe(0);

  const { code, result } = await runToExit(dataDir, '--no-producer');
  expect(result.differences).toBeUndefined();
  expect(result).toMatchObject({ exact: true, onFailure: 0 });
  expect(code).toBe(0);

  const pages = await runReport<{ value: string; count: number }>(
    '--local',
    dataDir,
    '--dimension',
    'page',
    '--top',
    '20',
  );
  expect(Object.fromEntries(pages.map(({ value, count }) => [value, count]))).toEqual({
    '/one': 1,
    '/two': 1,
    '/three': 1,
    '/large': 3_000,
    '/line': 3,
    '/beside-bad': 1,
    '/nested': 2,
    '/beside-nested': 1,
    '/plain': 1,
  });
  expect(result.aggregated.valid).toBe(3_011);

  const archived = await archivedEvents(dataDir);
  const sequenceNumberOf = (name: string) => put.Records![Object.keys(records).indexOf(name)]!.SequenceNumber;
  const placesOf = (name: string) =>
    archived
      .filter(({ sequenceNumber }) => sequenceNumber === sequenceNumberOf(name))
      .map(({ subSequenceNumber, page, rejected }) => [Number(subSequenceNumber), page ?? rejected])
      .sort(([a], [b]) => Number(a) - Number(b));
  expect(placesOf('good')).toEqual([
    [0, '/one'],
    [eventIndex(1, 0), '/two'],
    [eventIndex(2, 0), '/three'],
  ]);
  expect(placesOf('innerLines')).toEqual([
    [0, '/line'],
    [1, '/line'],
    [2, 'not_json'],
    [eventIndex(1, 0), '/line'],
  ]);
  expect(placesOf('nested')).toEqual([
    [0, '/nested'],
    [1, '/nested'],
    [eventIndex(1, 0), '/beside-nested'],
  ]);
  // Those that are no aggregates are archived as the bad lines that they are.
  const reasons = [...placesOf('damaged'), ...placesOf('withoutRecords')].map(([, reason]) => reason);
  expect(new Set(reasons)).toEqual(new Set(['not_utf8']));
  expect(result.failed).toBe(0);
}, 90_000);
