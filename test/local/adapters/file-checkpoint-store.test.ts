import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { createFileCheckpointStore } from '../../../local/adapters/file-checkpoint-store';

describe('the file checkpoint store', () => {
  const folder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let stores = 0;
  const fresh = () => {
    stores += 1;
    const place = join(folder, String(stores), 'nested');
    return { place, store: createFileCheckpointStore(place) };
  };

  it('has nothing before the first put', async () => {
    expect(await fresh().store.get('shard-1')).toBeUndefined();
  });

  it('gives back what was put, also to a store opened later', async () => {
    const { place, store } = fresh();
    await store.put('shard-1', { sequenceNumber: '49', nested: [1, null, 'é'] });
    expect(await createFileCheckpointStore(place).get('shard-1')).toEqual({
      sequenceNumber: '49',
      nested: [1, null, 'é'],
    });
  });

  it('keeps the last of many puts that overlap', async () => {
    const { place, store } = fresh();
    await Promise.all(Array.from({ length: 50 }, (_, index) => store.put('shard-1', index)));
    expect(await store.get('shard-1')).toBe(49);
    expect(await createFileCheckpointStore(place).get('shard-1')).toBe(49);
    expect(readdirSync(place)).toHaveLength(1);
  });

  it('keeps documents apart whatever their keys are made of', async () => {
    const key = fc.string({
      unit: fc.constantFrom('a', 'A', '/', '.', '-', ':', '\0', 'é', '☕'),
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(key, { maxLength: 6 }), async (keys) => {
        const { store } = fresh();
        await Promise.all(keys.map((one, index) => store.put(one, index)));
        expect(await Promise.all(keys.map((one) => store.get(one)))).toEqual(keys.map((_, index) => index));
      }),
      { numRuns: 25 },
    );
  });

  it('takes keys longer than the name of a file may be', async () => {
    const { store } = fresh();
    await store.put('x'.repeat(4_000), 1);
    expect(await store.get('x'.repeat(4_000))).toBe(1);
  });

  it.each([
    ['torn', '{"key":"shard-1","va', 'it does not hold JSON'],
    ['of another key', '{"key":"shard-2","value":1}', 'is not the checkpoint of "shard-1"'],
    ['of something else', '[]', 'is not the checkpoint of "shard-1"'],
  ])('refuses a file that is %s, and says what to do', async (_case, text, message) => {
    const { place, store } = fresh();
    await store.put('shard-1', 1);
    writeFileSync(join(place, readdirSync(place)[0]!), text);
    await expect(store.get('shard-1')).rejects.toThrow(message);
    await expect(store.get('shard-1')).rejects.toThrow('start anew with --fresh');
  });

  it('names the file and the reason when it cannot save, and goes on when it can', async () => {
    const { place, store } = fresh();
    await store.put('shard-1', 'old');
    const file = join(place, readdirSync(place)[0]!);
    mkdirSync(`${file}.new`);
    await expect(store.put('shard-1', 'new')).rejects.toThrow(`cannot save the checkpoint ${file}`);
    expect(await store.get('shard-1')).toBe('old');
    rmSync(`${file}.new`, { recursive: true });
    await store.put('shard-1', 'new');
    expect(await store.get('shard-1')).toBe('new');
  });
});
