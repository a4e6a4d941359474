import { startDynamoDb } from '../../emulators/dynamodb';

// The process of `startTableServer`: the laptop's DynamoDB, with its state in the folder that it is given.

async function main(dataDir: string): Promise<void> {
  const { endpoint } = await startDynamoDb({ port: 0, dataDir });
  process.on('disconnect', () => process.exit());
  process.send!(Number(new URL(endpoint).port));
}

void main(process.argv[2]!);
