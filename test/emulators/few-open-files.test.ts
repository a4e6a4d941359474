import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startKinesis } from '../../emulators/kinesis';

const fromKinesalite = createRequire(require.resolve('kinesalite'));
const binding = createRequire(fromKinesalite.resolve('leveldown'))('./binding') as {
  db_open(context: unknown, location: string, options: object, callback: unknown): void;
};

const folder = mkdtempSync(join(tmpdir(), 'open-files-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("LevelDB is told to keep no more than 74 of the stream's files open, each time it opens them", async () => {
  const open = jest.spyOn(binding, 'db_open');
  try {
    const kinesis = await startKinesis({ port: 0, dataDir: folder });
    await kinesis.close();
    const told = open.mock.calls.map(([, location, options]) => ({ location, options }));
    expect(told.length).toBeGreaterThanOrEqual(2);
    for (const { location, options } of told) {
      expect(location).toBe(folder);
      expect(options).toMatchObject({ maxOpenFiles: 74, createIfMissing: true });
    }
  } finally {
    open.mockRestore();
  }
});
