import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface ReceivedRequest {
  readonly requestId: string;
  readonly timestamp: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Decoded. */
  readonly records: readonly string[];
}

export interface ReceiverAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ReceiverOptions {
  readonly accessKey?: string;
  /** What to answer to the n-th request, from 1. @default the right answer */
  readonly answer?: (request: ReceivedRequest, count: number, right: ReceiverAnswer) => ReceiverAnswer;
}

/**
 * An HTTP endpoint as Firehose's documentation wants it, which notes whatever a request has against the documentation (AWS
 * docs: "Understand HTTP endpoint delivery request and response specifications").
 */
export function createReceiver({ accessKey, answer }: ReceiverOptions = {}) {
  const violations: string[] = [];
  const requests: ReceivedRequest[] = [];
  const accepted: string[] = [];
  const must = (holds: boolean, what: string) => {
    if (!holds) violations.push(what);
  };

  const receive = (
    method: string | undefined,
    headers: ReceivedRequest['headers'],
    raw: Buffer,
  ): ReceiverAnswer => {
    must(method === 'POST', `method ${method}`);
    must(headers['content-type'] === 'application/json', `content type ${headers['content-type']}`);
    must(headers['x-amz-firehose-protocol-version'] === '1.0', 'protocol version');
    must(
      /^arn:aws:firehose:[a-z0-9-]+:\d{12}:deliverystream\/.+/.test(
        headers['x-amz-firehose-source-arn'] ?? '',
      ),
      `source ${headers['x-amz-firehose-source-arn']}`,
    );
    must(headers['x-amz-firehose-access-key'] === accessKey, 'access key');
    must(Number(headers['content-length']) === raw.length, 'content length');
    const encoding = headers['content-encoding'];
    must(encoding === undefined || encoding === 'gzip', `content encoding ${encoding}`);
    const body = JSON.parse((encoding === 'gzip' ? gunzipSync(raw) : raw).toString('utf8'));
    must(Object.keys(body).sort().join() === 'records,requestId,timestamp', `members ${Object.keys(body)}`);
    must(body.requestId === headers['x-amz-firehose-request-id'], 'request id in header and body');
    must(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(body.requestId), `request id ${body.requestId}`);
    must(Number.isInteger(body.timestamp) && body.timestamp > 1e12, `timestamp ${body.timestamp}`);
    must(body.records.length >= 1 && body.records.length <= 10_000, `${body.records.length} records`);
    const records = body.records.map((record: { data: string }) => {
      must(Object.keys(record).join() === 'data', `members of a record ${Object.keys(record)}`);
      const data = Buffer.from(record.data, 'base64');
      must(data.toString('base64') === record.data && data.length <= 1_024_000, 'data');
      return data.toString('utf8');
    });
    const request = { requestId: body.requestId, timestamp: body.timestamp, headers, records };
    requests.push(request);
    const right = rightAnswer(body.requestId);
    const given = answer?.(request, requests.length, right) ?? right;
    if (given === right) accepted.push(...records);
    return given;
  };
  return { receive, requests, accepted, violations };
}

export type Receiver = ReturnType<typeof createReceiver>;

export function rightAnswer(requestId: string): ReceiverAnswer {
  const body = JSON.stringify({ requestId, timestamp: 1_772_359_200_000 });
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) },
    body,
  };
}

/** On a port of this machine; an exception in it is a violation. */
export async function serveReceiver(receiver: Receiver): Promise<{ url: URL; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    try {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, value?.toString()]),
      );
      const {
        status,
        headers: others,
        body,
      } = receiver.receive(request.method, headers, Buffer.concat(chunks));
      response.writeHead(status, others).end(body);
    } catch (error) {
      receiver.violations.push(String(error));
      response.writeHead(500).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: new URL(`http://127.0.0.1:${port}/clicks?from=firehose`),
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
