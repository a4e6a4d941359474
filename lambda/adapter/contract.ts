import type { InputFormat } from '../../formats/input-format';

/** The dimension `service` of its metrics, and the word in its log lines. */
export const adapterService = 'adapter';

/** Environment variables that the adapter's construct sets and its handler reads. */
export const AdapterEnvironment = {
  /** Name of the stream that events are put into. */
  streamName: 'STREAM_NAME',
  /** One of `logFormats`. */
  logFormat: 'LOG_FORMAT',
} as const;

/** What lines of CloudWatch Logs may be: every format whose lines stand for themselves. */
export const logFormats = [
  'json-access',
  'combined',
  'vhost_combined',
  'common',
  'ndjson',
] as const satisfies readonly InputFormat[];
export type LogFormat = (typeof logFormats)[number];

/**
 * The columns of CloudFront's real-time logs, which the log's configuration asks for and the adapter reads. They stand
 * here in the order of AWS's list, in which CloudFront sends them, whatever order a configuration has (AWS docs: Use
 * real-time logs).
 */
export const realtimeLogFields = [
  'timestamp',
  'c-ip',
  'sc-status',
  'sc-bytes',
  'cs-method',
  'cs-host',
  'cs-uri-stem',
  'x-edge-request-id',
  'cs-user-agent',
  'cs-referer',
  'cs-uri-query',
] as const;
