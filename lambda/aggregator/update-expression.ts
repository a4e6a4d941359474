import type { AttributeValue, UpdateItemCommandInput } from '@aws-sdk/client-dynamodb';
import { AggregatesTable as attributes, countAttribute, maxCounterBytes } from '../../domain/counter-item';
import type { CounterWrite } from '../../domain/counter-write';

type Expressions = Required<
  Pick<
    UpdateItemCommandInput,
    'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
  >
>;

/**
 * The update of one item. Its condition is what makes the counters exact: it holds only while the item has not
 * counted the first event of this write, so a write that was made already changes nothing.
 *
 * @param expiresAt epoch seconds
 */
export function updateExpression(write: CounterWrite, expiresAt: number): Expressions {
  const names = new Map<string, string>();
  const values: Record<string, AttributeValue> = {};
  const name = (attribute: string): string => {
    const placeholder = names.get(attribute) ?? `#${names.size}`;
    names.set(attribute, placeholder);
    return placeholder;
  };
  const value = (placeholder: string, attributeValue: AttributeValue): string => {
    values[placeholder] = attributeValue;
    return placeholder;
  };
  const number = (n: number): string => value(`:n${n}`, { N: String(n) });

  const position = name(attributes.position);
  const sets = [
    `${position} = ${value(':last', { S: write.last })}`,
    `${name(attributes.timeToLive)} = ${value(':expiresAt', { N: String(expiresAt) })}`,
  ];
  const adds = [...write.counts].map(
    ([counted, count]) => `${name(countAttribute(counted))} ${number(count)}`,
  );
  if (write.other > 0) adds.push(`${name(attributes.other)} ${number(write.other)}`);
  if (write.cut > 0) adds.push(`${name(attributes.cut)} ${number(write.cut)}`);

  const bound = name(attributes.sizeBound);
  const conditions: string[] = [];
  if (write.size.kind === 'exact') {
    sets.push(`${bound} = ${number(write.size.bytes)}`);
    conditions.push(
      `${position} = ${value(':held', { S: write.size.heldPosition })}`,
      write.size.heldBound === undefined
        ? `attribute_not_exists(${bound})`
        : `${bound} = ${number(write.size.heldBound)}`,
    );
  } else {
    adds.push(`${bound} ${number(write.size.bytes)}`);
    const room = value(':room', { N: String(maxCounterBytes - write.size.bytes) });
    conditions.push(
      `(attribute_not_exists(${position}) OR ${position} < ${value(':first', { S: write.first })})`,
      `(attribute_not_exists(${bound}) OR ${bound} <= ${room})`,
    );
  }
  return {
    UpdateExpression: `SET ${sets.join(', ')} ADD ${adds.join(', ')}`,
    ConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(
      [...names].map(([attribute, placeholder]) => [placeholder, attribute]),
    ),
    ExpressionAttributeValues: values,
  };
}
