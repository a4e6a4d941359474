import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { nodeArguments } from '../../cli/node-arguments';
import { startFailingKinesis, startKinesalite, type TestServer } from './kinesis-server';

const cli = resolve(__dirname, '../../producer/cli.ts');
const folder = mkdtempSync(join(tmpdir(), 'producer-cli-'));
const servers: TestServer[] = [];
const children: ChildProcess[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  for (const server of servers) await server.close();
  rmSync(folder, { recursive: true });
});

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(args: readonly string[], stdin = '') {
  const { HOME, PATH } = process.env;
  const child = spawn(process.execPath, [...nodeArguments, cli, ...args], {
    cwd: folder,
    // Nothing of the developer's AWS settings may reach the command.
    env: {
      HOME: folder,
      PATH: PATH ?? HOME ?? '',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
  });
  children.push(child);
  child.stdin.end(stdin);
  const text = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    text.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text.stderr += chunk;
  });
  const finished = once(child, 'close').then(([code]): Finished => ({ code, ...text }));
  return { child, text, finished };
}

const run = (args: readonly string[], stdin?: string) => start(args, stdin).finished;

async function started(server: Promise<TestServer>): Promise<string[]> {
  servers.push(await server);
  return ['--stream', 'clicks', '--region', 'eu-central-1', '--endpoint-url', (await server).access.endpoint];
}

const event = (number: number, page: string) =>
  JSON.stringify({ eventId: `e${number}`, visitorId: `v${number}`, page });

describe('produce --dry-run', () => {
  it('prints the same bytes for the same seed, and needs no AWS', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => run(['--dry-run', '--seed', 'x', '--count', '50'])),
    );

    expect(first?.code).toBe(0);
    expect(first?.stdout.trim().split('\n')).toHaveLength(50);
    expect(second?.stdout).toBe(first?.stdout);
  });

  it('reports each line that does not parse by its number, and not on standard output', async () => {
    const good = '203.0.113.9 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 1 "-" "x"';
    const finished = await run(
      ['--dry-run', '--input', '-', '--format', 'combined'],
      `${good}\nnonsense\n${good}\n`,
    );

    expect(finished.code).toBe(0);
    expect(
      finished.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).page),
    ).toEqual(['/a', '/a']);
    expect(finished.stderr).toContain('line 2 skipped: not a line of a combined access log');
  });

  it('ends when nobody reads on', async () => {
    const { child, finished } = start(['--dry-run']);
    await once(child.stdout!, 'data');
    child.stdout!.destroy();

    expect((await finished).code).toBe(0);
  });
});

describe('produce', () => {
  it('shows its help on one screen', async () => {
    const { code, stdout } = await run(['--help']);

    expect(code).toBe(0);
    expect(stdout.split('\n').length).toBeLessThanOrEqual(40);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('exits with 2 and one sentence for wrong options', async () => {
    expect(await run(['--rate', 'fast', '--local'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'produce: --rate is "fast"; allowed: a number above 0, up to 1000000\n',
    });
  });

  it('acknowledges an event a second, and after Ctrl-C prints the summary and exits with 0', async () => {
    const target = await started(startKinesalite(1));
    const { child, text, finished } = start(target);
    while (text.stdout.split('\n').length < 3) await once(child.stdout!, 'data');
    child.kill('SIGINT');
    // npm passes the terminal's signal on a second time.
    child.kill('SIGINT');
    const { code, stdout } = await finished;

    const [first, second, ...summary] = stdout.trim().split('\n');
    const acknowledged = /^[\d-]{10}T[\d:.]{12}Z shardId-000000000000 \d{56} 200 (page_view|click) \/\S*$/;
    expect(first).toMatch(acknowledged);
    expect(second).toMatch(acknowledged);
    expect(summary[0]).toBe('2 events read, 2 accepted, 0 failed');
    expect(code).toBe(0);
  });

  it('gives up waiting for answers at a second Ctrl-C that is a key press of its own', async () => {
    const puts = new EventEmitter();
    const target = await started(
      startFailingKinesis(() => {
        puts.emit('put');
        return true;
      }),
    );
    const { child, finished } = start([...target, '--rate', '200']);
    await once(puts, 'put');
    child.kill('SIGTERM');
    // Within a second it would be npm's repetition of the same press.
    await setTimeout(1200);
    child.kill('SIGINT');

    expect(await finished).toMatchObject({ code: 130, stderr: expect.stringContaining('produce: aborted') });
  });

  it('keeps what never got through in a file that can be sent again', async () => {
    let closed = true;
    const target = await started(startFailingKinesis((data) => closed && data.includes('"/full"')));
    const lines = [event(1, '/a'), event(2, '/full'), event(3, '/b'), event(4, '/full')];
    const input = join(folder, 'input.ndjson');
    writeFileSync(input, lines.map((line) => `${line}\r\n`).join(''));

    const first = await run([
      ...target,
      '--input',
      input,
      // With an event a record, each fails by itself.
      ...['--pack', 'none', '--attempts', '2'],
      '--failed',
      'kept.ndjson',
      '--json',
    ]);
    expect(first.code).toBe(1);
    expect(JSON.parse(first.stdout)).toMatchObject({
      read: 4,
      accepted: 2,
      failed: 2,
      retried: 2,
      throttled: 4,
      failedFile: 'kept.ndjson',
    });
    expect(readFileSync(join(folder, 'kept.ndjson'), 'utf8')).toBe(`${lines[1]}\n${lines[3]}\n`);

    closed = false;
    const second = await run([...target, '--input', 'kept.ndjson', '--format', 'ndjson', '--json']);
    expect(second.code).toBe(0);
    expect(JSON.parse(second.stdout)).toMatchObject({ read: 2, accepted: 2, failed: 0, failedFile: null });
  });

  it('tells machines how it stands each second, and the summary last', async () => {
    const target = await started(startKinesalite(1));
    const { code, stdout, stderr } = await run([
      ...target,
      '--rate',
      '50',
      '--duration',
      '2.5',
      '--json-lines',
    ]);

    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { readonly type: string; readonly etaSeconds: number });
    expect(lines.map(({ type }) => type)).toEqual(['progress', 'progress', 'summary']);
    expect(lines[0]).toMatchObject({ etaSeconds: expect.any(Number), failed: 0, throttledByShard: {} });
    expect(lines[2]).toMatchObject({
      read: 125,
      accepted: 125,
      endedBy: 'duration',
      ledger: null,
      error: null,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  it('says nothing but the summary if it is to be quiet', async () => {
    const target = await started(startKinesalite(1));
    const { stdout, stderr } = await run(
      [...target, '--input', '-', '--quiet'],
      `no event\n${event(1, '/a')}\n`,
    );

    expect(stderr).toBe('');
    expect(stdout).toMatch(/^1 event read, 1 accepted, 0 failed, 1 line skipped\n.*\n.*\n$/);
  });

  it('exits with 1 when no line of the input is an event, and names the format that would read them', async () => {
    const target = await started(startKinesalite(1));
    const line = '203.0.113.80 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 1 "-" "x"\n';
    const { code, stderr, stdout } = await run([...target, '--input', '-', '--quiet'], line.repeat(7));

    expect(stderr).toBe(
      'produce: no line of the input is an event; the lines skipped look like --format combined, and were read as ndjson\n',
    );
    expect(stdout).toMatch(/^0 events read, 0 accepted, 0 failed, 7 lines skipped\n/);
    expect(code).toBe(1);
  });

  it('names the file that it makes for failed events by itself', async () => {
    const target = await started(startFailingKinesis(() => true));
    const { code, stdout } = await run([...target, '--count', '1', '--attempts', '1']);

    const made = readdirSync(folder).filter((name) => name.startsWith('failed-events-'));
    expect(code).toBe(1);
    expect(made).toHaveLength(1);
    expect(stdout).toContain(
      `the failed event is in ${made[0]}; send it again with: --input ${made[0]} --format ndjson`,
    );
  });

  it('exits with 2 and keeps no file when the stream does not exist', async () => {
    const target = await started(startKinesalite(1));
    const { code, stderr, stdout } = await run([...target, '--stream', 'typo', '--json']);

    expect(code).toBe(2);
    expect(stderr).toContain('stream typo was not found in http://127.0.0.1');
    expect(stdout).toBe('');
  });

  it('says what to do where nobody listens, and where no region is set', async () => {
    const [refused, region] = await Promise.all([
      run(['--stream', 'clicks', '--region', 'eu-central-1', '--endpoint-url', 'http://127.0.0.1:9']),
      run(['--stream', 'clicks']),
    ]);

    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot reach http://127.0.0.1:9'),
    });
    expect(region).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no region is set. Pass --region'),
    });
  });
});
