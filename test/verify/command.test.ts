import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { systemClock } from '../../producer/clock';
import { runCommand } from '../../producer/command';
import { runVerify } from '../../verify/command';
import { startKinesalite, type TestServer } from '../producer/kinesis-server';
import { temporaryFolder } from '../support/temporary-folder';

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

async function verify(...args: string[]) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const code = await runVerify(args, { stdout, stderr, signal });
  return { code, stdout: stdout.read()?.toString() ?? '', stderr: stderr.read()?.toString() ?? '' };
}

describe('verify-ledger', () => {
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

  it('tells machines, too', async () => {
    const { stdout } = await verify('--ledger', ledger, ...target, '--json');

    expect(JSON.parse(stdout)).toMatchObject({ found: 300, exact: true, differences: 0 });
  });

  it('exits with 1 where the stream does not hold an event, and names it', async () => {
    const lied = join(folder, 'lied.ledger');
    const text = readFileSync(ledger, 'utf8');
    writeFileSync(lied, text.replace(/"sequenceNumber":"(\d+)"/, '"sequenceNumber":"42"'));
    const { code, stdout } = await verify('--ledger', lied, ...target);

    expect(code).toBe(1);
    expect(stdout).toMatch(
      /\n1 differences:\n {2}shardId-00000000000\d 42 0: event \w{32} is not in the stream/,
    );
    expect(stdout).toContain('\nNOT all is there\n');
  });

  it.each([
    [[], 'the ledger is missing: give --ledger FILE'],
    [['--ledger', 'x'], 'where to look is missing: give one of --stream NAME'],
    [['--ledger', ledger, '--stream', 'other'], 'stream other was not found'],
    [['--ledger', join(folder, 'none'), '--stream', 'clicks'], 'none cannot be read'],
  ])('exits with 2 for %j', async (args, message) => {
    const { code, stderr } = await verify(...args, ...(args.includes('--stream') ? target.slice(2) : []));

    expect(code).toBe(2);
    expect(stderr).toContain(`verify-ledger: `);
    expect(stderr).toContain(message);
  });

  it('refuses a ledger of another stream', async () => {
    const other = join(folder, 'other.ledger');
    writeFileSync(other, readFileSync(ledger, 'utf8').replace('"stream":"clicks"', '"stream":"taps"'));

    expect(await verify('--ledger', other, ...target)).toMatchObject({
      code: 2,
      stderr: 'verify-ledger: the ledger is of stream taps, and not of clicks\n',
    });
  });

  it('shows its help', async () => {
    expect(await verify('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Usage: npm run verify-ledger'),
    });
  });
});
