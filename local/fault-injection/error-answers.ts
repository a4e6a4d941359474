import type { Random } from '../../domain/numbers/random';
import type { Service } from '../../emulators/clients';
import { jsonAnswer, type WireAnswer } from './wire';

const dataOperations = new Set(['PutRecord', 'PutRecords', 'GetRecords']);

/** How each service refuses for now, in the codes and words of its API reference: SDKs make such a request again. */
export function throttlingAnswer(service: Service, operation: string, random: Random): WireAnswer {
  switch (service) {
    case 'kinesis':
      return dataOperations.has(operation)
        ? throughputExceeded(
            'The request rate for the stream is too high, or the requested data is too large for the available throughput.',
          )
        : jsonAnswer('kinesis', 400, {
            __type: 'LimitExceededException',
            message: 'Rate exceeded for stream under account.',
          });
    case 'dynamodb':
      return dynamoThrottling(operation, random);
    case 's3':
      return s3Error(503, 'SlowDown', 'Please reduce your request rate.');
  }
}

/** A fault of the service itself, which says nothing of whether it has acted. */
export function serverErrorAnswer(service: Service): WireAnswer {
  switch (service) {
    case 'kinesis':
      return jsonAnswer('kinesis', 500, {
        __type: 'InternalFailure',
        message: 'The request processing has failed because of an unknown error, exception or failure.',
      });
    case 'dynamodb':
      return jsonAnswer('dynamodb', 500, {
        __type: 'com.amazonaws.dynamodb.v20120810#InternalServerError',
        message: 'Internal server error',
      });
    case 's3':
      return s3Error(500, 'InternalError', 'We encountered an internal error. Please try again.');
  }
}

export function throughputExceeded(message: string): WireAnswer {
  return jsonAnswer('kinesis', 400, { __type: 'ProvisionedThroughputExceededException', message });
}

/**
 * A table on demand refuses in two ways: while it grows, and for a key range that gets too much. The members are
 * spelt as the service model has them, a capital apart.
 */
function dynamoThrottling(operation: string, random: Random): WireAnswer {
  const access = /^(Get|BatchGet|Query|Scan)/.test(operation) ? 'Read' : 'Write';
  const reasons = (limit: string) => [{ reason: `Table${access}${limit}`, resource: 'table' }];
  return random.chance(0.5)
    ? jsonAnswer('dynamodb', 400, {
        __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
        message: 'The level of configured provisioned throughput for the table was exceeded.',
        ThrottlingReasons: reasons('KeyRangeThroughputExceeded'),
      })
    : jsonAnswer('dynamodb', 400, {
        __type: 'com.amazonaws.dynamodb.v20120810#ThrottlingException',
        message: 'Throughput exceeds the current capacity of your table or index.',
        throttlingReasons: reasons('MaxOnDemandThroughputExceeded'),
      });
}

function s3Error(status: number, code: string, message: string): WireAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(body) };
}
