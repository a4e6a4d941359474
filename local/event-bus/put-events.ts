import { isObject, parseObject } from '../../domain/json/json-object';
import type { BusRuleSpec } from '../deployment';
import { failure, type ServiceAnswer, type ServiceInput } from '../json-service';
import { busName } from './bus-name';
import { matches } from './event-pattern';

export interface BusPorts {
  readonly region: string;
  readonly accountId: string;
  /** Puts a record into a stream; rejects only if it is given up. */
  readonly put: (streamArn: string, partitionKey: string, data: Buffer) => Promise<void>;
  readonly uuid: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

type EntryResult =
  | { readonly EventId: string }
  | { readonly ErrorCode: string; readonly ErrorMessage: string };

/** EventBridge API: PutEvents. */
const maxEntries = 10;

/**
 * Answers `PutEvents`. An event that matches a rule is in the rule's stream when it is answered, and one that cannot be put
 * there fails: AWS answers before, tries for a day, and has a queue for what it gives up.
 */
export async function putEvents(
  { Entries: entries }: ServiceInput,
  rules: readonly BusRuleSpec[],
  ports: BusPorts,
): Promise<ServiceAnswer> {
  if (!Array.isArray(entries) || entries.length === 0 || entries.length > maxEntries) {
    return failure('ValidationException', `Entries must be a list of 1 to ${maxEntries}.`);
  }
  const results: EntryResult[] = [];
  for (const entry of entries) results.push(await putEntry(isObject(entry) ? entry : {}, rules, ports));
  const FailedEntryCount = results.filter((result) => 'ErrorCode' in result).length;
  return { status: 200, body: { FailedEntryCount, Entries: results } };
}

async function putEntry(
  entry: ServiceInput,
  rules: readonly BusRuleSpec[],
  { region, accountId, put, uuid, now }: BusPorts,
): Promise<EntryResult> {
  for (const name of ['Source', 'DetailType', 'Detail']) {
    if (typeof entry[name] !== 'string' || entry[name] === '')
      return error(
        'InvalidArgument',
        `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
      );
  }
  const detail = parseObject(String(entry.Detail));
  if (!detail) return error('MalformedDetail', 'Detail is malformed.');
  const event = {
    version: '0',
    id: uuid(),
    'detail-type': entry.DetailType,
    source: entry.Source,
    account: accountId,
    time: new Date(now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region,
    resources: [],
    detail,
  };
  const bus = busName(entry.EventBusName);
  for (const rule of rules) {
    if (rule.bus !== bus || !matches(rule.pattern, event)) continue;
    const key = valueAt(event, rule.partitionKeyPath);
    try {
      await put(rule.streamArn, String(key), Buffer.from(JSON.stringify(valueAt(event, rule.inputPath))));
    } catch {
      return error('InternalFailure', `The event could not be put into the stream of the rule ${rule.name}.`);
    }
  }
  return { EventId: event.id };
}

/** @param path names from the event on; none for all of it */
function valueAt(event: unknown, path: readonly string[]): unknown {
  return path.reduce((value, name) => (isObject(value) ? value[name] : undefined), event);
}

function error(ErrorCode: string, ErrorMessage: string): EntryResult {
  return { ErrorCode, ErrorMessage };
}
