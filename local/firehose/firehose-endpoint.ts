import { failure, type JsonService, type ServiceAnswer, type ServiceInput, serveJson } from '../json-service';
import { accountOf, type DescribedStream, describeDeliveryStream } from './describe';

// A PutRecordBatch of 4 MiB, in base64.
const maxRequestBytes = 8 * 1024 * 1024;

/**
 * Serves the Firehose API (JSON 1.1) for the delivery streams that run here, so that the AWS CLI and any SDK can look
 * at them. They read from Kinesis, so that nothing can be put into them, and none can be changed.
 */
export async function startFirehoseEndpoint({
  port,
  streams,
}: {
  readonly port: number;
  readonly streams: readonly DescribedStream[];
}): Promise<JsonService> {
  return serveJson({
    port,
    name: 'Firehose',
    targetPrefix: 'Firehose_20150804.',
    maxRequestBytes,
    answer: (operation, input) => respond(operation, input, streams),
  });
}

function respond(operation: string, input: ServiceInput, streams: readonly DescribedStream[]): ServiceAnswer {
  switch (operation) {
    case 'ListDeliveryStreams':
      return list(input, streams);
    case 'DescribeDeliveryStream':
      return withStream(input, streams, (stream) => ({
        status: 200,
        body: { DeliveryStreamDescription: describeDeliveryStream(stream) },
      }));
    case 'PutRecord':
    case 'PutRecordBatch':
      return withStream(input, streams, () =>
        failure(
          'InvalidArgumentException',
          'This operation is not permitted on KinesisStreamAsSource delivery stream type.',
        ),
      );
    default:
      return failure('UnknownOperationException', `The operation "${operation}" is not served here.`);
  }
}

function list(input: ServiceInput, streams: readonly DescribedStream[]): ServiceAnswer {
  const { Limit: limit = 10, ExclusiveStartDeliveryStreamName: after = '', DeliveryStreamType: type } = input;
  if (typeof limit !== 'number' || limit < 1 || limit > 10_000 || typeof after !== 'string') {
    return failure('ValidationException', 'Limit must be from 1 to 10000, and the start a name.');
  }
  const names = streams
    .filter(() => type === undefined || type === 'KinesisStreamAsSource')
    .map(({ spec }) => spec.name)
    .sort()
    .filter((name) => name > after);
  return {
    status: 200,
    body: { DeliveryStreamNames: names.slice(0, limit), HasMoreDeliveryStreams: names.length > limit },
  };
}

function withStream(
  { DeliveryStreamName: name }: ServiceInput,
  streams: readonly DescribedStream[],
  answer: (stream: DescribedStream) => ServiceAnswer,
): ServiceAnswer {
  if (typeof name !== 'string' || !/^[\w.-]{1,64}$/.test(name)) {
    return failure(
      'ValidationException',
      'DeliveryStreamName must be 1 to 64 of the characters a-z A-Z 0-9 _ . -',
    );
  }
  const stream = streams.find(({ spec }) => spec.name === name);
  if (stream) return answer(stream);
  const account = accountOf(streams[0]?.spec.arn ?? '');
  return failure('ResourceNotFoundException', `Firehose ${name} under account ${account} not found.`);
}
