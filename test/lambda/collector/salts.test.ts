import { dynamoSalts } from '../../../lambda/collector/dynamo-salts';
import { createSalts, type SaltTable } from '../../../lambda/collector/salts';
import { provisionTable } from '../../../local/provision';
import { type DynamoServer, startDynamoServer } from '../../support/aggregates-table';
import { temporaryFolder } from '../../support/temporary-folder';

const folder = temporaryFolder('salts');
let server: DynamoServer;
let table: SaltTable;
let tables = 0;

beforeAll(async () => {
  server = await startDynamoServer(folder);
});
afterAll(() => server.close());
beforeEach(async () => {
  const name = `salts-${++tables}`;
  await provisionTable(server.client, { name, partitionKey: 'day' });
  table = dynamoSalts(server.client, name);
});

const at = (instant: string) => () => Date.parse(instant);
const text = (salt: Uint8Array) => Buffer.from(salt).toString();
let made = 0;
/** A salt that says which it is. */
const random = () => Buffer.from(`salt-${++made}`);

describe('The salt of a day', () => {
  it('is the same for all who ask, however many at once', async () => {
    const now = at('2026-11-28T20:00:00Z');
    const askers = Array.from({ length: 5 }, () => createSalts(table, random, now));
    const salts = await Promise.all(askers.map((salts) => salts.today()));
    expect(new Set(salts.map(text)).size).toBe(1);
    expect(text(salts[0]!)).toMatch(/^salt-\d+$/);
  });

  it('is asked for once', async () => {
    const get = jest.fn(table.get);
    const salts = createSalts({ ...table, get }, random, at('2026-11-28T20:00:00Z'));
    expect(await salts.today()).toEqual(await salts.today());
    expect(get).toHaveBeenCalledTimes(1);
  });

  it('is another on the next day, and gone with the first look at it then', async () => {
    let now = Date.parse('2026-11-28T23:59:59.999Z');
    const salts = createSalts(table, random, () => now);
    const first = text(await salts.today());
    await salts.forgetPast();
    expect(text((await table.get('2026-11-28'))!)).toBe(first);
    now += 1;
    const second = text(await salts.today());
    expect(second).not.toBe(first);
    await salts.forgetPast();
    expect(await table.days()).toEqual(['2026-11-29']);
    expect(text((await table.get('2026-11-29'))!)).toBe(second);
  });

  it('is gone 48 hours after its day began, whether anybody comes or not, and if a day of looks failed', async () => {
    let now = Date.parse('2026-11-28T00:00:00Z');
    await createSalts(table, random, () => now).today();
    // Once an hour, in an environment of its own each time, and the first 24 of the next day fail.
    const failing = jest.fn(() => Promise.reject(new Error('throttled')));
    for (let hour = 1; hour <= 48; hour++) {
      now += 3_600_000;
      const remove = hour >= 24 && hour < 48 ? failing : table.remove;
      const look = createSalts({ ...table, remove }, random, () => now).forgetPast();
      await (hour >= 24 && hour < 48 ? expect(look).rejects.toThrow('throttled') : look);
    }
    expect(failing).toHaveBeenCalledTimes(24);
    expect(await table.days()).toEqual([]);
  });

  it('of a day long over is used for nothing while it is still there, and goes with the others', async () => {
    const now = at('2026-11-28T20:00:00Z');
    for (const day of ['2026-11-20', '2026-11-26', '2026-11-27', '2025-12-31']) {
      await table.create(day, Buffer.from('old'), Date.parse('2026-11-28T00:00:00Z') / 1_000);
    }
    const salts = createSalts(table, random, now);
    expect(text(await salts.today())).toMatch(/^salt-\d+$/);
    await salts.forgetPast();
    expect(await table.days()).toEqual(['2026-11-28']);
  });

  it('expires by itself when its day is over', async () => {
    const create = jest.fn(table.create);
    await createSalts({ ...table, create }, random, at('2026-11-28T20:00:00Z')).today();
    const [[day, , expiresAt]] = create.mock.calls as [[string, Uint8Array, number]];
    expect(day).toBe('2026-11-28');
    expect(expiresAt * 1_000).toBe(Date.parse('2026-11-29T00:00:00Z'));
  });

  it('is asked for again after a failure', async () => {
    const get = jest.fn(table.get).mockRejectedValueOnce(new Error('throttled'));
    const salts = createSalts({ ...table, get }, random, at('2026-11-28T20:00:00Z'));
    await expect(salts.today()).rejects.toThrow('throttled');
    expect(text(await salts.today())).toMatch(/^salt-/);
  });
});
