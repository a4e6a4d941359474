import type { KinesisClient, PutRecordsCommandOutput, PutRecordsRequestEntry } from '@aws-sdk/client-kinesis';

type MiddlewareStack = KinesisClient['middlewareStack'];

/** What the SDK's types do not say of a request and its answer over HTTP. */
interface WireRequest {
  body: Uint8Array | string;
}

interface WireResponse {
  readonly statusCode: number;
  body: AsyncIterable<Uint8Array> | Uint8Array;
}

type Answer = Omit<PutRecordsCommandOutput, '$metadata'>;

/** As the SDK writes a list of records without any. It cannot stand in a text, where quotes are escaped. */
const noRecords = '"Records":[]';

/**
 * Has the records of a `PutRecords`, and what is said of each in the answer, written and read here instead of by the
 * SDK, which looks up its model for each member of each record and encodes base64 in JavaScript. Everything else
 * stays the SDK's: addresses, credentials, signatures, time limits, errors.
 */
export function writeRecordsDirectly(stack: MiddlewareStack): void {
  const recordsOf = new WeakMap<object, readonly PutRecordsRequestEntry[]>();
  const answerOf = new WeakMap<object, Answer>();

  stack.add(
    (next, { commandName }) =>
      async (args) => {
        const { Records } = args.input as { readonly Records?: readonly PutRecordsRequestEntry[] };
        if (commandName !== 'PutRecordsCommand' || !Records) return next(args);
        const input = { ...args.input, Records: [] };
        recordsOf.set(input, Records);
        const result = await next({ ...args, input });
        const answer = answerOf.get(result.response as object);
        if (answer) Object.assign(result.output, answer);
        return result;
      },
    { step: 'serialize', priority: 'high', name: 'takeRecordsOut' },
  );
  stack.add(
    (next) => (args) => {
      const records = recordsOf.get(args.input);
      if (records) {
        const request = args.request as WireRequest;
        const [before, after] = textOf(request.body).split(noRecords) as [string, string];
        request.body = Buffer.from(`${before}"Records":[${textOfRecords(records)}]${after}`);
      }
      return next(args);
    },
    { step: 'serialize', priority: 'low', name: 'writeRecords' },
  );
  stack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as WireResponse;
      if (!recordsOf.has(args.input) || response.statusCode !== 200) return result;
      response.body = await bytesOf(response);
      const answer = parseAnswer(response.body);
      if (answer) {
        answerOf.set(response, answer);
        response.body = new Uint8Array();
      }
      return result;
    },
    { step: 'deserialize', priority: 'low', name: 'readRecords' },
  );
}

function textOf(body: Uint8Array | string): string {
  return typeof body === 'string'
    ? body
    : Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}

function textOfRecords(records: readonly PutRecordsRequestEntry[]): string {
  let text = '';
  for (const { Data, PartitionKey, ExplicitHashKey } of records) {
    const data = Data!;
    const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
    const hashKey =
      ExplicitHashKey === undefined ? '' : `,"ExplicitHashKey":${JSON.stringify(ExplicitHashKey)}`;
    text += `${text && ','}{"Data":"${base64}","PartitionKey":${JSON.stringify(PartitionKey)}${hashKey}}`;
  }
  return text;
}

/** Rejects as the SDK does: with an error that has the response, by which one sees that there was one. */
async function bytesOf(response: WireResponse): Promise<Uint8Array> {
  if (response.body instanceof Uint8Array) return response.body;
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of response.body) chunks.push(chunk);
  } catch (error) {
    throw Object.defineProperty(error as Error, '$response', { value: response });
  }
  return Buffer.concat(chunks);
}

/** Undefined for what the SDK is to explain. */
function parseAnswer(body: Uint8Array): Answer | undefined {
  try {
    const { FailedRecordCount, Records, EncryptionType } = JSON.parse(textOf(body)) as Answer;
    return Array.isArray(Records) ? { FailedRecordCount, Records, EncryptionType } : undefined;
  } catch {
    return undefined;
  }
}
