import { readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { createKinesisClient } from '../../../producer/client/kinesis-client';
import type { AcceptedLine } from '../../../producer/ledger/line';
import { readLedger } from '../../../producer/ledger/read-ledger';
import { startCommand } from '../../support/run-command';
import { temporaryFolder } from '../../support/temporary-folder';
import { startKinesalite, type TestServer } from '../kinesis-server';
import { readEvents } from '../stream-reading';

const cli = resolve(__dirname, '../../../producer/cli.ts');
const folder = temporaryFolder('ledger-kill');
const lines = 6000;
const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

let server: TestServer;
let client: KinesisClient;
beforeEach(async () => {
  server = await startKinesalite(3);
  client = createKinesisClient(server.access);
});
afterEach(async () => {
  client.destroy();
  await server.close();
});

async function acceptedIn(path: string): Promise<AcceptedLine[]> {
  const accepted: AcceptedLine[] = [];
  for await (const entry of readLedger(path)) if (entry.kind === 'accepted') accepted.push(entry);
  return accepted;
}

describe('a run that is killed and resumed', () => {
  it.each(['ndjson', 'kpl', 'none'])(
    'leaves no gap in the stream, and reports what may be there twice (--pack %s)',
    async (pack) => {
      const input = join(folder, `${pack}.ndjson`);
      const ledger = join(folder, `${pack}.ledger`);
      const idOf = (number: number) => `e${number}`;
      // Blank lines and lines that are no events leave holes among the line numbers.
      const text = Array.from({ length: lines }, (_, index) => {
        if (index % 7 === 3) return index % 2 === 0 ? '' : 'no event';
        return JSON.stringify({ eventId: idOf(index), visitorId: `v${index % 50}` });
      });
      const sent = text
        .filter((line) => line.startsWith('{'))
        .map((line) => JSON.parse(line).eventId as string);
      writeFileSync(input, `${text.join('\n')}\n`);
      const args = [
        '--stream',
        'clicks',
        '--region',
        'eu-central-1',
        '--endpoint-url',
        server.access.endpoint,
      ];
      args.push('--input', input, '--pack', pack, '--quiet', '--json');

      for (let kill = 0; kill < 2; kill++) {
        const { child, finished } = startCommand(
          cli,
          [...args, '--rate', '2500', kill === 0 ? '--ledger' : '--resume', ledger],
          { cwd: folder, env },
        );
        const begun = kill === 0 ? 0 : statSync(ledger).size;
        const size = () => statSync(ledger, { throwIfNoEntry: false })?.size ?? 0;
        while (size() < begun + 100_000) await setTimeout(5);
        child.kill('SIGKILL');
        await finished;
        // Whatever the kernel had of the last line: the reader has to take it.
        if (kill === 1) truncateSync(ledger, size() - 7);
      }
      const inStream = (await readEvents(client)).map((event) => JSON.parse(event.text).eventId as string);
      const knownIds = new Set((await acceptedIn(ledger)).map(({ eventId }) => eventId));
      const known = knownIds.size;
      expect(known).toBeGreaterThan(100);
      expect(known).toBeLessThan(sent.length);

      const resumed = await startCommand(cli, [...args, '--resume', ledger], { cwd: folder, env }).finished;
      expect(resumed).toMatchObject({ code: 0, stderr: '' });
      const summary = JSON.parse(resumed.stdout);
      expect(summary).toMatchObject({
        type: 'summary',
        accepted: sent.length - known,
        ledger: { path: ledger, passedOver: known },
      });

      const stored = await readEvents(client);
      const ids = stored.map((event) => JSON.parse(event.text).eventId as string);
      expect(new Set(ids)).toEqual(new Set(sent));
      // What the kills took from the ledger was in the stream already, and is no more than the overlap says.
      expect(ids.length - sent.length).toBeGreaterThanOrEqual(inStream.length - known);
      const unknown = new Set(inStream.filter((eventId) => !knownIds.has(eventId)));
      expect(summary.ledger.sentAgain).toBeGreaterThanOrEqual(unknown.size);

      const accepted = await acceptedIn(ledger);
      expect(accepted.map(({ eventId }) => eventId).sort()).toEqual([...sent].sort());
      const places = new Map(stored.map((event) => [event.place, JSON.parse(event.text).eventId]));
      for (const { eventId, shardId, sequenceNumber, subSequenceNumber } of accepted) {
        expect(places.get(`${shardId} ${sequenceNumber} ${subSequenceNumber}`)).toBe(eventId);
      }
    },
    60_000,
  );

  it('refuses to go on with another input, with other options, or with another stream', async () => {
    const [input, other, ledger] = ['a.ndjson', 'b.ndjson', 'refusing.ledger'].map((name) =>
      join(folder, name),
    );
    writeFileSync(input!, '{"eventId":"e1"}\n');
    writeFileSync(other!, '{"eventId":"e2"}\n');
    const target = ['--region', 'eu-central-1', '--endpoint-url', server.access.endpoint, '--quiet'];
    const run = (...args: string[]) => startCommand(cli, [...target, ...args], { cwd: folder, env }).finished;

    const first = await run('--stream', 'clicks', '--input', input!, '--ledger', ledger!);
    expect(first.code).toBe(0);
    const written = readFileSync(ledger!);
    const refusals = await Promise.all([
      run('--stream', 'clicks', '--input', input!, '--ledger', ledger!),
      run('--stream', 'clicks', '--input', other!, '--resume', ledger!),
      run('--stream', 'clicks', '--input', input!, '--format', 'combined', '--resume', ledger!),
      run('--stream', 'clicks', '--seed', '7', '--resume', ledger!),
    ]);
    expect(refusals.map(({ code, stderr }) => [code, stderr.split(': ').slice(1).join(': ').trim()])).toEqual(
      [
        [2, `--ledger ${ledger} is there already: go on with it by --resume ${ledger}, or name another file`],
        [2, `--resume ${ledger}: ${other} does not begin as ${input} did: it is another file`],
        [2, `--resume ${ledger}: it was begun with format "ndjson", and not "combined"`],
        [2, `--resume ${ledger}: it is of an --input, and not of generated events`],
      ],
    );
    expect(readFileSync(ledger!)).toEqual(written);
  }, 30_000);
});
