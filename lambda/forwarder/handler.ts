import type { FirehoseTransformationEvent, FirehoseTransformationResult } from 'aws-lambda';
import { printedLog } from '../runtime/printed-log';
import { forwarderService } from './contract';
import { readEventForm } from './environment';
import { forward } from './forward';
import { reportForwarding } from './report';

const log = printedLog(forwarderService, process.env);
const form = readEventForm(process.env);

/** Gives a destination the events of the records that Firehose hands over. */
export async function handler(event: FirehoseTransformationEvent): Promise<FirehoseTransformationResult> {
  const forwarding = forward(event.records, form);
  reportForwarding(forwarding, log);
  return { records: [...forwarding.answers] };
}
