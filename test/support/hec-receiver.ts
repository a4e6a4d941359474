import type { Exchange } from '../../local/firehose/destinations/exchange';

interface HecAnswer {
  readonly status: number;
  readonly body: object;
}

export interface HecOptions {
  readonly token?: string;
  /** Answer to the n-th delivery, from 1, in the place of taking it. */
  readonly refuse?: (count: number) => HecAnswer | undefined;
  /** How often it has to be asked until the n-th delivery is indexed; infinite for never. @default once */
  readonly asksUntilIndexed?: (count: number) => number;
  /** Of the token. @default true */
  readonly acknowledges?: boolean;
}

/**
 * An HTTP Event Collector as Splunk's documentation has it, with acknowledgement on channels; it notes what a request has
 * against the documentation (Splunk docs: "HTTP Event Collector REST API endpoints", "About HTTP Event Collector Indexer
 * Acknowledgment": ids count up from 0 for each channel, and an id that was told as indexed is forgotten).
 */
export function createHecReceiver(options: HecOptions = {}) {
  const { token = 'hec-token', refuse, asksUntilIndexed = () => 1, acknowledges = true } = options;
  const violations: string[] = [];
  const indexed: string[] = [];
  const deliveries: string[] = [];
  const pending = new Map<string, { readonly text: string; asks: number }>();
  const nextIds = new Map<string, number>();
  const code = (status: number, number: number, text: string): HecAnswer => ({
    status,
    body: { text, code: number },
  });

  const respond = (path: string, headers: Readonly<Record<string, string>>, body: Buffer): HecAnswer => {
    const channel = headers['x-splunk-request-channel'];
    if (headers.authorization !== `Splunk ${token}`) return code(403, 4, 'Invalid token');
    if (channel === undefined) return code(400, 10, 'Data channel is missing');
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(channel)) violations.push(`channel ${channel}`);
    if (path === '/services/collector/ack') {
      const { acks } = JSON.parse(body.toString()) as { acks: number[] };
      if (!acks.every(Number.isInteger)) violations.push(`asked for ${acks}`);
      if (!acknowledges) return code(400, 14, 'ACK is disabled');
      const told = acks.map((id) => {
        const delivery = pending.get(`${channel} ${id}`);
        if (!delivery) violations.push(`asked for ${id}, which is unknown`);
        if (!delivery || --delivery.asks > 0) return [id, false] as const;
        indexed.push(delivery.text);
        pending.delete(`${channel} ${id}`);
        return [id, true] as const;
      });
      return { status: 200, body: { acks: Object.fromEntries(told) } };
    }
    if (path !== '/services/collector/raw') violations.push(`path ${path}`);
    if (body.length === 0) return code(400, 5, 'No data');
    const text = body.toString();
    deliveries.push(text);
    const refusal = refuse?.(deliveries.length);
    if (refusal) return refusal;
    if (!acknowledges) return code(200, 0, 'Success');
    const ackId = nextIds.get(channel) ?? 0;
    nextIds.set(channel, ackId + 1);
    pending.set(`${channel} ${ackId}`, { text, asks: asksUntilIndexed(deliveries.length) });
    return { status: 200, body: { text: 'Success', code: 0, ackId } };
  };

  const exchange: Exchange = async ({ url, headers, body }) => {
    const answer = respond(url.pathname, headers, body);
    return {
      status: answer.status,
      headers: { 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify(answer.body)),
      isTooLarge: false,
    };
  };
  return { exchange, indexed, deliveries, violations };
}
