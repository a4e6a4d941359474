import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { functionLog, metricSource } from '../../domain/function/function-log';
import { forwarderService } from './contract';
import { readEventForm } from './environment';
import { forward } from './forward';
import { reportForwarding } from './report';

// Not `console`, before whose lines the runtime writes the time.
const log = functionLog(
  metricSource(forwarderService, process.env),
  (line) => process.stdout.write(`${line}\n`),
  Date.now,
);
const form = readEventForm(process.env);

/** Gives a destination the events of the records that Firehose hands over. */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  const forwarding = forward(event.records, form);
  reportForwarding(forwarding, log);
  return { records: [...forwarding.answers] };
}
