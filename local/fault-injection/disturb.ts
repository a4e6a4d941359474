import type { Service } from '../../emulators/clients';
import type { Clock } from '../clock';
import { serverErrorAnswer, throttlingAnswer } from './error-answers';
import { decideFault, type Fault } from './fault';
import type { InjectionLog } from './injection-log';
import type { ChaosProfile } from './profile';
import type { Reaction } from './proxy';
import { type EntryFailure, parsePutRecords, putTheRest } from './put-records';
import { type Gate, isJson, operationOf, type WireAnswer, type WireRequest } from './wire';

export interface Disturbance {
  readonly profile: ChaosProfile;
  readonly seed: string;
  readonly clock: Pick<Clock, 'sleep'>;
  /** Ends delays when the proxies close. */
  readonly signal: AbortSignal;
  readonly log: InjectionLog;
}

/** What a proxy before that service does with each request. */
export function disturb(
  service: Service,
  { profile, seed, clock, signal, log }: Disturbance,
  gate: Gate,
): (request: WireRequest) => Promise<Reaction> {
  const requests = new Map<string, number>();

  return async (request) => {
    const operation = operationOf(service, request);
    const pass = (passed: WireRequest) => gate(operation, passed);
    // Binary JSON (CBOR), which some SDKs speak to Kinesis, is neither looked into nor answered here.
    if (service !== 's3' && !isJson(request)) return { kind: 'answer', answer: await pass(request) };
    const n = requests.get(operation) ?? 0;
    requests.set(operation, n + 1);
    const fault = decideFault(profile, seed, service, operation, n);
    if (!fault) return { kind: 'answer', answer: await pass(request) };

    if (fault.kind === 'partial') {
      const answered = await putPartially(request, fault, pass, (entries) =>
        log.write({ service, operation, fault: 'partial', request: n, entries }),
      );
      return { kind: 'answer', answer: answered };
    }
    log.write({ service, operation, fault: fault.after ? `${fault.kind} after` : fault.kind, request: n });
    // A caller that has given up on a slow request does not stop it: it is carried out all the same, only later.
    if (fault.kind === 'slow' && !fault.after) await clock.sleep(fault.delayMs, signal);
    const isCarriedOut = fault.after || fault.kind === 'slow';
    const answer = isCarriedOut ? await pass(request) : undefined;
    if (fault.kind === 'slow' && fault.after) await clock.sleep(fault.delayMs, signal);
    switch (fault.kind) {
      case 'throttle':
        return { kind: 'answer', answer: throttlingAnswer(service, operation, fault.random) };
      case 'error':
        return { kind: 'answer', answer: serverErrorAnswer(service) };
      case 'cut':
        return { kind: 'cut', ...(answer && fault.random.chance(0.5) ? { answer } : {}) };
      case 'slow':
        return { kind: 'answer', answer: answer! };
    }
  };
}

/** The words of Kinesis for an entry that failed through no fault of the shard. */
const internalFailure: EntryFailure = {
  ErrorCode: 'InternalFailure',
  ErrorMessage: 'Internal Service Failure',
};

async function putPartially(
  request: WireRequest,
  { share, random }: Fault,
  pass: (request: WireRequest) => Promise<WireAnswer>,
  onInjected: (entries: number) => void,
): Promise<WireAnswer> {
  const put = parsePutRecords(request);
  if (!put) return pass(request);
  const failures = put.Records.map(() => (random.chance(share) ? internalFailure : undefined));
  const failed = failures.filter((failure) => failure).length;
  if (failed > 0) onInjected(failed);
  return putTheRest(request, put, failures, pass);
}
