import { type Forward, jsonAnswer, parseBody, type WireAnswer, type WireRequest } from './wire';

export interface PutRecordsEntry {
  readonly Data: string;
  readonly PartitionKey: string;
  readonly ExplicitHashKey?: string;
}

export interface PutRecordsRequest {
  readonly StreamName?: string;
  readonly Records?: readonly PutRecordsEntry[];
}

export interface EntryFailure {
  readonly ErrorCode: 'ProvisionedThroughputExceededException' | 'InternalFailure';
  readonly ErrorMessage: string;
}

interface PutRecordsAnswer {
  readonly FailedRecordCount: number;
  readonly Records: readonly object[];
  readonly EncryptionType?: string;
}

/** Undefined for a body that is no such request; the service says what is wrong with it. */
export function parsePutRecords({ body }: WireRequest): Required<PutRecordsRequest> | undefined {
  const request = parseBody<PutRecordsRequest>(body);
  return Array.isArray(request?.Records) && typeof request.StreamName === 'string'
    ? (request as Required<PutRecordsRequest>)
    : undefined;
}

/**
 * Passes on what does not fail, and answers for all entries in their order, as Kinesis does: with 200 and the number
 * of those that failed (AWS docs: PutRecords).
 *
 * @param failures one for each entry of the request; undefined lets it pass
 */
export async function putTheRest(
  request: WireRequest,
  { Records, ...others }: Required<PutRecordsRequest>,
  failures: readonly (EntryFailure | undefined)[],
  forward: Forward,
): Promise<WireAnswer> {
  const passing = Records.filter((_, index) => failures[index] === undefined);
  if (passing.length === Records.length) return forward(request);
  let passed: readonly object[] = [];
  let refused = 0;
  if (passing.length > 0) {
    const body = Buffer.from(JSON.stringify({ ...others, Records: passing }));
    const answer = await forward({ ...request, body });
    if (answer.status !== 200) return answer;
    const result = JSON.parse(answer.body.toString()) as PutRecordsAnswer;
    passed = result.Records;
    refused = result.FailedRecordCount;
  }
  const results = passed.values();
  const answered = failures.map((failure) => failure ?? results.next().value);
  return jsonAnswer('kinesis', 200, {
    FailedRecordCount: refused + Records.length - passing.length,
    Records: answered,
  });
}
