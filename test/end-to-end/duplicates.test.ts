import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { archivedEvents } from './archived-events';
import { killedAfterMoreBatches } from './kill';
import { runReport, runToExit } from './local-pipeline';

const folder = mkdtempSync(join(tmpdir(), 'duplicates-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One in twenty calls on the table acts, and is not answered. */
const unanswered = { service: 'dynamodb', kind: 'cut', after: true, probability: 0.05 };

describe('A producer that sends a fifth of its events twice', () => {
  it('is counted once for each, through unanswered writes, kills and redeliveries', async () => {
    const dataDir = join(folder, 'state');
    const chaos = join(folder, 'chaos.json');
    writeFileSync(chaos, JSON.stringify({ faults: [unanswered] }));
    const context = [
      '-c',
      'deduplicationSeconds=300',
      '-c',
      'shardCount=2',
      '-c',
      'batchSize=100',
      '-c',
      'uniqueVisitors=off',
    ];
    const disturbed = ['--rate', '300', '--duplicates', '0.2', '--chaos', chaos, ...context];
    for (let kill = 0; kill < 2; kill++) await killedAfterMoreBatches(dataDir, 'batch counted', disturbed);
    const { code, result } = await runToExit(dataDir, '--no-producer', ...context);

    expect(result).toMatchObject({ exact: true, onFailure: 0, aggregated: { valid: result.accepted } });
    expect(code).toBe(0);
    // The archive keeps all, and tells independently how many there were: within five minutes, whatever came twice.
    const archived = await archivedEvents(dataDir);
    const places = new Set(archived.map(({ shardId, sequenceNumber }) => `${shardId} ${sequenceNumber}`));
    const events = new Set(archived.map(({ shardId, eventId }) => `${shardId} ${eventId}`));
    const duplicates = places.size - events.size;
    expect(duplicates).toBeGreaterThan(20);
    expect(result.aggregated.duplicates).toBe(duplicates);
    const counted = await runReport<{ count: number }>(
      '--local',
      dataDir,
      '--dimension',
      'total',
      '--top',
      '1',
    );
    expect(counted).toMatchObject([{ count: events.size }]);
  }, 180_000);
});
