import { randomUUID } from 'node:crypto';
import { type KinesisClient, PutRecordCommand } from '@aws-sdk/client-kinesis';
import type { Clock } from '../clock';
import type { Deployment } from '../deployment';
import type { OnFault } from '../faults/fault';
import { failure, type JsonService, serveJson } from '../json-service';
import { putEvents } from './put-events';

/** An event is tried so often before its sender is told that it failed. */
const mostAttempts = 20;
const pauseMs = 100;
const maxRequestBytes = 2 * 1024 * 1024;

/** Serves `PutEvents` of EventBridge for the rules of a deployment; undefined for one without. */
export async function startEventBus(
  port: number,
  { busRules, region, accountId }: Pick<Deployment, 'busRules' | 'region' | 'accountId'>,
  {
    kinesis,
    clock,
    onFault,
  }: { readonly kinesis: KinesisClient; readonly clock: Clock; readonly onFault: OnFault },
): Promise<JsonService | undefined> {
  if (busRules.length === 0) return undefined;
  const put = async (StreamARN: string, PartitionKey: string, Data: Buffer): Promise<void> => {
    const StreamName = StreamARN.split('/')[1];
    for (let attempt = 1; ; attempt++) {
      try {
        await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey, Data }));
        return;
      } catch (error) {
        onFault('putting an event of the bus', error);
        if (attempt === mostAttempts) throw error;
        await clock.sleep(pauseMs);
      }
    }
  };
  const ports = { region, accountId, put, uuid: randomUUID, now: Date.now };
  return serveJson({
    port,
    name: 'EventBridge',
    targetPrefix: 'AWSEvents.',
    maxRequestBytes,
    answer: (operation, input) =>
      operation === 'PutEvents'
        ? putEvents(input, busRules, ports)
        : failure('UnknownOperationException', `The operation "${operation}" is not served here.`),
  });
}
