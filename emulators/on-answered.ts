import type { Service } from './clients';

type Body = Readonly<Record<string, unknown>>;

/** A request and its answer, as they were on the wire. */
export interface Answered {
  readonly service: Service;
  /** As the service's API names it. */
  readonly operation: string;
  readonly status: number;
  /** The bodies, parsed when they are asked for; undefined for what is no JSON object. */
  request(): Body | undefined;
  answer(): Body | undefined;
}

/** Called with each request to Kinesis or DynamoDB that got an answer. */
export type OnAnswered = (answered: Answered) => void;

export function answeredOf(
  { service, operation, status }: Pick<Answered, 'service' | 'operation' | 'status'>,
  request: Buffer,
  answer: Buffer | string,
): Answered {
  return { service, operation, status, request: () => parsed(request), answer: () => parsed(answer) };
}

function parsed(body: Buffer | string): Body | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Body) : undefined;
  } catch {
    return undefined;
  }
}

/** The operation that the request's header names: `Kinesis_20131202.PutRecords`. */
export function targetOf(header: string | string[] | undefined): string {
  return String(header ?? '').split('.')[1] ?? 'Other';
}

/** Tells of what a service's emulator answers, in its words. */
export function observer(service: Service, onAnswered: OnAnswered | undefined) {
  return (
    onAnswered &&
    ((operation: string, request: Buffer, status: number, answer: string): void =>
      onAnswered(answeredOf({ service, operation, status }, request, answer)))
  );
}
