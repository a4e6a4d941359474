import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

const root = resolve(__dirname, '../..');
// Without the settings of this checkout, which are whatever somebody deploys.
const folder = temporaryFolder('cost');
const run = (...args: string[]) => startCommand(join(root, 'cost/cli.ts'), args, { cwd: folder }).finished;

describe('npm run cost', () => {
  it('prints a bill that fits a terminal', async () => {
    const { code, stdout, stderr } = await run('--rate', '100', '--size', '400');

    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^100 events\/s of 400 bytes, 6 to a record \(ndjson\);/);
    expect(stdout).toMatch(/^total \$[\d.]+ a month; \$[\d.]+ a million events; idle \$[\d.]+;/m);
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
  });

  it('prints the same as one JSON object', async () => {
    const { stdout } = await run('--rate', '3', '--pages', '20', '--json');
    const { traffic, cost, idle, idleByService, baselines, need, choice, prices } = JSON.parse(stdout);

    expect(traffic).toMatchObject({ eventsPerSecond: 3, pages: 20 });
    expect(prices).toEqual({ region: 'us-east-1', date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) });
    expect(cost.lines[0]).toEqual({
      service: 'Kinesis Data Streams',
      driver: 'shards: 1',
      quantity: 730,
      unit: 'shard-hour',
      price: 0.015,
      per: 1,
      dollars: 10.95,
    });
    expect(Object.keys(idleByService).filter((service) => idleByService[service] !== 0)).toEqual([
      'Kinesis Data Streams',
      'Lambda',
      'CloudWatch',
      'KMS',
    ]);
    const idling = Object.values<number>(idleByService).reduce((sum, dollars) => sum + dollars, 0);
    expect(idle).toBeCloseTo(idling, 9);
    expect(idleByService['Kinesis Data Streams']).toBe(10.95);
    const table = cost.lines.filter(({ service }: { service: string }) => service === 'DynamoDB');
    const ofTable = table.reduce((sum: number, { dollars }: { dollars: number }) => sum + dollars, 0);
    // Nor do they have a compactor.
    expect(baselines.withoutTable).toBeLessThan(cost.dollars - ofTable);
    expect(baselines.transactionEach).toBeGreaterThan(baselines.updateEach);
    expect(need).toMatchObject({ shards: 1, byRecords: 0.003, byBytesIn: 0.001248 });
    expect(choice.onDemandFromPeak).toBeGreaterThan(1_000);
  });

  it('counts the settings of the stage in its file, with -c on top', async () => {
    mkdirSync(join(folder, 'config'));
    writeFileSync(join(folder, 'config/prod.json'), '{ "streamMode": "provisioned", "shardCount": 3 }');
    const linesOf = async (...args: string[]) =>
      JSON.parse((await run('--rate', '0', '--stage', 'prod', '--json', ...args)).stdout).cost.lines[0]
        .driver;
    expect(await linesOf()).toBe('shards: 3');
    expect(await linesOf('-c', 'shardCount=2')).toBe('shards: 2');
    rmSync(join(folder, 'config'), { recursive: true });
  });

  it('leaves out what needs events where there are none', async () => {
    const { code, stdout } = await run('--rate', '0', '--stage', 'prod');

    expect(code).toBe(0);
    expect(stdout).toMatch(/^total (\$36\.\d\d) a month; idle \1; month 12 \$36\.\d\d$/m);
    expect(stdout).not.toMatch(/NaN|Infinity|undefined|stream a month|other tables/);
  });

  it('exits with 2 and says what is allowed', async () => {
    expect(await run('--pack', 'zip')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'cost: --pack is "zip"; allowed: none, ndjson, kpl\n',
    });
  });

  it('shows its help', async () => {
    expect(await run('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage: npm run cost/),
    });
  });
});
