import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { systemClock } from '../../cli/clock';
import { runCommand } from '../../producer/command/command';
import { startKinesalite, type TestServer } from '../producer/kinesis-server';
import { temporaryFolder } from '../support/temporary-folder';
import { recover } from './pipeline-bench';

const folder = temporaryFolder('verify');
const ledger = join(folder, 'sent.ledger');
const signal = new AbortController().signal;
const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

let server: TestServer;
let target: string[];
beforeAll(async () => {
  Object.assign(process.env, keys);
  server = await startKinesalite(2);
  target = ['--stream', 'clicks', '--region', 'eu-central-1', '--endpoint-url', server.access.endpoint];
  const [stdout, stderr, stdin] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const args = [
    ...target,
    '--seed',
    '7',
    '--count',
    '300',
    '--max',
    '--malformed',
    '0.1',
    '--duplicates',
    '0.1',
  ];
  const ports = { stdin, stdout, stderr, clock: systemClock, signal };
  expect(await runCommand([...args, '--pack', 'kpl', '--ledger', ledger], ports)).toBe(0);
});
afterAll(() => server.close());

const verify = (...args: string[]) => recover('verify', ...args);

describe('recover verify of a ledger', () => {
  it('finds every event of a run in the stream', async () => {
    expect(await verify('--ledger', ledger, ...target)).toEqual({
      code: 0,
      stdout: `ledger: 300 accepted, 0 failed, 0 ambiguous
stream: 300 accepted events are where the ledger says; 0 further copies of them
all is there
`,
      stderr: '',
    });
  });

  it('leaves the stream to its consumers: two calls a second and shard', async () => {
    const begin = performance.now();
    await verify('--ledger', ledger, ...target);

    // Of each of the two shards one answer with records, and the empty one at its end.
    expect(performance.now() - begin).toBeGreaterThan(2 * 500);
  });

  it('tells machines, too', async () => {
    const { stdout } = await verify('--ledger', ledger, ...target, '--json');

    expect(JSON.parse(stdout)).toMatchObject({
      exact: true,
      ledger: { found: 300, exact: true, differences: 0 },
    });
  });

  it('exits with 1 where the stream does not hold an event, and names it', async () => {
    const lied = join(folder, 'lied.ledger');
    const text = readFileSync(ledger, 'utf8');
    writeFileSync(lied, text.replace(/"sequenceNumber":"(\d+)"/, '"sequenceNumber":"42"'));
    const { code, stdout } = await verify('--ledger', lied, ...target);

    expect(code).toBe(1);
    expect(stdout).toMatch(
      /\n1 difference:\n {2}shardId-00000000000\d 42 0: event \w{32} is not in the stream/,
    );
    expect(stdout).toContain('\nNOT all is there\n');
  });

  it.each([
    [[], 'what to compare is missing: give --from T and --to T, or --ledger FILE'],
    [['--ledger', 'x', '--local', join(folder, 'none')], 'no pipeline was started in this directory'],
    [
      ['--ledger', 'x', '--stream', 'clicks', '--from', '2026-01-01'],
      'with --stream, the ledger alone is compared',
    ],
    [['--ledger', ledger, '--stream', 'other'], 'the ledger is of stream clicks, and not of other'],
    [['--ledger', join(folder, 'none'), '--stream', 'clicks'], 'none cannot be read'],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, stderr } = await verify(...args, ...(args.includes('--stream') ? target.slice(2) : []));

    expect(code).toBe(2);
    expect(stderr).toContain(`recover: `);
    expect(stderr).toContain(message);
  });

  it('refuses a ledger of another stream', async () => {
    const other = join(folder, 'other.ledger');
    writeFileSync(other, readFileSync(ledger, 'utf8').replace('"stream":"clicks"', '"stream":"taps"'));

    expect(await verify('--ledger', other, ...target)).toMatchObject({
      code: 2,
      stderr: 'recover: the ledger is of stream taps, and not of clicks\n',
    });
  });
});
