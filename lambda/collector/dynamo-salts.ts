import {
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { SaltAttributes as names } from './contract';
import type { SaltTable } from './salts';

export function dynamoSalts(client: DynamoDBClient, TableName: string): SaltTable {
  const keyOf = (day: string) => ({ [names.day]: { S: day } });
  return {
    async get(day) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: keyOf(day), ConsistentRead: true }),
      );
      return Item?.[names.salt]?.B;
    },
    async create(day, salt, expiresAt) {
      const Item = {
        ...keyOf(day),
        [names.salt]: { B: salt },
        [names.timeToLive]: { N: String(expiresAt) },
      };
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item,
            ConditionExpression: 'attribute_not_exists(#day)',
            ExpressionAttributeNames: { '#day': names.day },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
    async days() {
      // One page: the table has a salt for a day or two.
      const { Items = [] } = await client.send(new ScanCommand({ TableName, ConsistentRead: true }));
      return Items.flatMap((item) => item[names.day]?.S ?? []);
    },
    async remove(day) {
      await client.send(new DeleteItemCommand({ TableName, Key: keyOf(day) }));
    },
  };
}
