import { join } from 'node:path';
import { createReceiver, serveReceiver } from '../support/http-endpoint-receiver';
import { temporaryFolder } from '../support/temporary-folder';
import { type FinalResult, runCommandIn } from './local-pipeline';

const folder = temporaryFolder('destination');
const events = 600;

interface Place {
  readonly shardId: string;
  readonly sequenceNumber: string;
  readonly subSequenceNumber: number;
}

const placeOf = (line: string): string => {
  const { shardId, sequenceNumber, subSequenceNumber } = JSON.parse(line) as Place;
  return `${shardId} ${sequenceNumber} ${subSequenceNumber}`;
};

const placesIn = (data: readonly string[]): string[] =>
  data.flatMap((text) => text.trimEnd().split('\n')).map(placeOf);

describe('The pipeline with a destination', () => {
  it('delivers every event, or keeps it where it can be found, and archives and counts as without', async () => {
    // The second request is refused for good: its retries last for no time at all.
    const receiver = createReceiver({
      accessKey: 'a key that nobody sees',
      answer: (_request, count, right) => (count === 2 ? { ...right, status: 503 } : right),
    });
    const { url, close } = await serveReceiver(receiver);
    const dataDir = join(folder, 'state');
    const environment = {
      DESTINATION_ENDPOINT: url.href,
      DESTINATION_SECRET: '{"api_key":"a key that nobody sees"}',
    };
    const context = {
      destination: 'http',
      destinationAddress: 'https://receiver.example/clicks',
      destinationSecretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:receiver-AbC123',
      destinationRetrySeconds: '0',
      // Several requests, as fast as events come.
      destinationBufferSeconds: '0',
      transformerBufferSeconds: '0',
    };
    const { code, stdout, stderr } = await runCommandIn(
      environment,
      'local',
      ...['--data-dir', dataDir, '--port', '0', '--exit', '--count', String(events), '--rate', '200'],
      ...Object.entries(context).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ).ended;
    await close();
    expect([code, stderr.includes('a key that nobody sees')]).toEqual([0, false]);
    const result = JSON.parse(stdout.trimEnd().split('\n').at(-1)!) as FinalResult;
    expect(result).toMatchObject({ accepted: events, exact: true });

    expect(receiver.violations).toEqual([]);
    expect(receiver.requests.length).toBeGreaterThan(1);
    const delivered = placesIn(receiver.accepted);
    const listed = await recover(dataDir, 'list', '--json');
    const [undelivered, ...others] = JSON.parse(listed).undelivered as { key: string; records: number }[];
    expect(others).toEqual([]);
    expect(undelivered!.key).toMatch(/^undelivered\/http-endpoint-failed\/year=/);
    const shown = JSON.parse(await recover(dataDir, 'show', undelivered!.key, '--json')) as {
      records: { lines: { event: string }[] }[];
    };
    const kept = placesIn(shown.records.flatMap(({ lines }) => lines.map(({ event }) => event)));
    expect(kept).toEqual(placesIn(receiver.requests[1]!.records));
    const places = [...delivered, ...kept];
    expect([places.length, new Set(places).size]).toEqual([events, events]);
  }, 60_000);
});

async function recover(dataDir: string, ...args: string[]): Promise<string> {
  const { stdout, stderr } = await runCommandIn({}, 'recover', ...args, '--local', dataDir).ended;
  if (stdout === '') throw new Error(stderr);
  return stdout;
}
