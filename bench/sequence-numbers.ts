/** As long as one that CloudFormation names. */
export const streamName = 'clickstream-prod-stream-ClickStream5F03EC02-a1B2c3D4e5F6';

// 56 digits, as those of Kinesis.
const firstSequenceNumber = 49590338271490256608559692538361571095921575989136588898n;

/** Of the record of that index in its shard. Kinesis leaves gaps of any size, so that only their beginnings are alike. */
export function sequenceNumberOf(index: number): string {
  return String(firstSequenceNumber + BigInt(index));
}
