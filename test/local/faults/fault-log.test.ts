import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createFaultLog } from '../../../local/faults/fault-log';
import type { DeliveryEvent } from '../../../local/firehose/events';
import { clickJson } from '../../support/click-factory';
import { temporaryFolder } from '../../support/temporary-folder';

const folder = temporaryFolder('fault-log');
let files = 0;

/** What a log holds after `write`, without the times. */
function logged(write: (log: ReturnType<typeof createFaultLog>) => void) {
  const file = join(folder, 'logs', `pipeline-${++files}.log`);
  const log = createFaultLog(file);
  write(log);
  log.close();
  const text = readFileSync(file, 'utf8');
  const entries = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return {
    file,
    text,
    entries: entries.map(({ time, ...entry }) => entry),
    times: entries.map((e) => e.time),
  };
}

/** An error as the SDK throws it: what was sent hangs on it. */
function sdkError(): Error {
  const sent = { Records: [{ Data: clickJson({ visitorId: 'visitor-secret' }) }] };
  const cause = new Error(`could not send ${JSON.stringify(sent)}`);
  const error = new Error('Rate exceeded', { cause });
  return Object.assign(error, { name: 'ThrottlingException', $response: { body: sent }, input: sent });
}

describe('the log of faults', () => {
  it('says when, what was tried and how it failed, one JSON object a line', () => {
    const { entries, times } = logged(({ fault }) => {
      fault('reading shardId-000000000000', sdkError());
      fault('listing the shards', 'no\nanswer');
    });

    expect(entries).toEqual([
      { what: 'reading shardId-000000000000', error: 'ThrottlingException: Rate exceeded' },
      { what: 'listing the shards', error: 'no\nanswer' },
    ]);
    expect(times).toEqual([expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), expect.anything()]);
  });

  const faulty: readonly DeliveryEvent[] = [
    { kind: 'stream-call-failed', attempt: 2, error: sdkError() },
    { kind: 'invocation-failed', attempt: 3, reason: 'Sandbox.Timedout' },
    { kind: 'object-failed', key: 'year=2026/a.gz', attempt: 4, error: sdkError() },
    { kind: 'checkpoint-failed', attempt: 5, error: sdkError() },
    { kind: 'crashed', error: sdkError() },
  ];

  it("holds what went wrong in the delivery stream, with the event's own details", () => {
    const { entries } = logged(({ delivery }) => {
      for (const event of faulty) delivery(event);
    });

    const error = 'ThrottlingException: Rate exceeded';
    expect(entries).toEqual([
      { what: 'stream-call-failed', attempt: 2, error },
      { what: 'invocation-failed', attempt: 3, reason: 'Sandbox.Timedout' },
      { what: 'object-failed', key: 'year=2026/a.gz', attempt: 4, error },
      { what: 'checkpoint-failed', attempt: 5, error },
      { what: 'crashed', error },
    ]);
  });

  it('leaves out what went well', () => {
    const { entries } = logged(({ delivery }) => {
      delivery({ kind: 'shard-started', shardId: 'shardId-000000000000' });
      delivery({ kind: 'object-stored', key: 'a.gz', records: 5, bytes: 600 });
      delivery({ kind: 'shard-finished', shardId: 'shardId-000000000000' });
    });

    expect(entries).toEqual([]);
  });

  it('holds nothing of the events that an error carries', () => {
    const { text } = logged(({ fault, delivery }) => {
      fault('invoking aggregator', sdkError());
      for (const event of faulty) delivery(event);
    });

    expect(text).not.toMatch(/visitor-secret|Records|could not send/);
  });

  it('goes on where an earlier run left off', () => {
    const { file } = logged(({ fault }) => fault('first', 'a'));
    const log = createFaultLog(file);
    log.fault('second', 'b');
    log.close();

    expect(readFileSync(file, 'utf8').match(/first|second/g)).toEqual(['first', 'second']);
  });

  it('takes what comes after it was closed, and forgets it', () => {
    const { file } = logged(() => {});
    const log = createFaultLog(file);
    log.close();
    log.close();
    log.fault('late', 'a');

    expect(readFileSync(file, 'utf8')).toBe('');
  });
});
