import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  ListTablesCommand,
  QueryCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { createClients } from '../../emulators/clients';
import { startDynamoDb } from '../../emulators/dynamodb';

interface Store {
  attachResource(resource: object): void;
  detachResource(resource: object): void;
}

const { Level } = createRequire(require.resolve('dynalite'))('level') as {
  readonly Level: { readonly prototype: Store };
};

const folder = mkdtempSync(join(tmpdir(), 'iterators-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the table's store", () => {
  const open = new Set<object>();
  const opened = new Set<object>();
  let onClosed = (): void => {};

  beforeAll(() => {
    const { attachResource, detachResource } = Level.prototype;
    jest.spyOn(Level.prototype, 'attachResource').mockImplementation(function (this: Store, resource) {
      open.add(resource);
      opened.add(resource);
      attachResource.call(this, resource);
    });
    jest.spyOn(Level.prototype, 'detachResource').mockImplementation(function (this: Store, resource) {
      detachResource.call(this, resource);
      open.delete(resource);
      onClosed();
    });
  });
  afterAll(() => jest.restoreAllMocks());

  it('has no iterator open once all requests are answered, whether they read to the end or not', async () => {
    const server = await startDynamoDb({ port: 0, dataDir: join(folder, 'dynamodb') });
    const { endpoint } = server;
    const clients = createClients({ dynamodb: endpoint, kinesis: endpoint, s3: endpoint }, 'us-east-1');
    const { dynamodb } = clients;
    const TableName = 'counters';
    const query = (pk: string, Limit: number) =>
      dynamodb.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': { S: pk } },
          Limit,
        }),
      );
    try {
      await dynamodb.send(
        new CreateTableCommand({
          TableName,
          BillingMode: 'PAY_PER_REQUEST',
          AttributeDefinitions: ['pk', 'sk'].map((name) => ({ AttributeName: name, AttributeType: 'S' })),
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'sk', KeyType: 'RANGE' },
          ],
        }),
      );
      const puts = Array.from({ length: 25 }, (_, index) => ({
        PutRequest: { Item: { pk: { S: 'page#1' }, sk: { S: `minute ${index}` } } },
      }));
      await dynamodb.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: puts } }));

      const openedBefore = opened.size;
      const answers = await Promise.all([
        query('page#1', 100),
        query('page#1', 3),
        query('page#2', 100),
        dynamodb.send(new ScanCommand({ TableName, Limit: 7 })),
      ]);
      await dynamodb.send(new ListTablesCommand({}));
      expect(answers.map(({ Items }) => Items?.length)).toEqual([25, 3, 0, 7]);
      expect(opened.size - openedBefore).toBeGreaterThanOrEqual(answers.length);

      await new Promise<void>((resolve) => {
        onClosed = () => open.size === 0 && resolve();
        onClosed();
      });
    } finally {
      clients.destroy();
      await server.close();
    }
  });
});
