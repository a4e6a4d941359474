/**
 * A process that opens each port that the laptop has, the faults' own among them, on the folder given; says on one line
 * where, and waits to be killed.
 */
import { join } from 'node:path';
import { createClients, type Endpoints } from '../../emulators/clients';
import { systemClock } from '../../local/clock';
import { startEventBus } from '../../local/event-bus/start-event-bus';
import { startChaos } from '../../local/fault-injection/start-chaos';
import { startFirehoseEndpoint } from '../../local/firehose/firehose-endpoint';
import { provision } from '../../local/provision';
import { startAll } from './start-all';

/** By the name of a service; those of the faults with `chaos` before it. */
export type Ports = Endpoints &
  Readonly<Record<`chaos ${keyof Endpoints}` | 'firehose' | 'eventBridge', string>>;

async function start(folder: string): Promise<Ports> {
  const { endpoints } = await startAll(folder);
  const clients = createClients(endpoints, 'us-east-1');
  await provision(
    {
      streams: [
        { name: 'clicks', arn: 'arn:stream', mode: 'PROVISIONED', shardCount: 2, retentionHours: 48 },
      ],
      tables: [{ name: 'counters', arn: 'arn:table', partitionKey: 'pk', sortKey: 'sk' }],
      buckets: [{ logicalId: 'Archive', name: 'archive', arn: 'arn:aws:s3:::archive' }],
    },
    clients,
  );
  const chaos = await startChaos(
    { profile: { faults: [] }, seed: 'seed' },
    {
      endpoints,
      deployment: { region: 'us-east-1', accountId: '111122223333', outputs: {} },
      port: 0,
      logFile: join(folder, 'chaos.log'),
    },
  );
  const firehose = await startFirehoseEndpoint({ port: 0, streams: [] });
  const rule = {
    name: 'clicks',
    bus: 'default',
    pattern: { source: ['shop'] },
    streamArn: 'arn:stream/clicks',
    inputPath: ['detail'],
    partitionKeyPath: ['id'],
  };
  const eventBus = await startEventBus(
    0,
    { busRules: [rule], region: 'us-east-1', accountId: '111122223333' },
    { kinesis: clients.kinesis, clock: systemClock, onFault: () => {} },
  );
  return {
    ...endpoints,
    'chaos kinesis': chaos.endpoints.kinesis,
    'chaos dynamodb': chaos.endpoints.dynamodb,
    'chaos s3': chaos.endpoints.s3,
    firehose: firehose.endpoint,
    eventBridge: eventBus!.endpoint,
  };
}

if (require.main === module)
  start(process.argv[2]!).then(
    (ports) => console.log(JSON.stringify(ports)),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
