import type { Clock } from '../clock';
import type { DeliveryStreamSpec } from '../deployment';
import type { LambdaFunction } from '../function-runtime/lambda-function';
import type { OnDeliveryEvent } from './events';
import type { EventSource } from './processor-event';
import type { DeliverySettings } from './settings';
import { createTransformer, passThrough, type Transform } from './transformer';

/** What stands between the shards and the S3 buffers. */
export interface Processor {
  readonly transform: Transform;
  readonly source: EventSource;
  readonly bufferSizeMiB: number;
  readonly bufferIntervalMs: number;
}

export interface ProcessorContext {
  readonly clock: Clock;
  readonly uuid: () => string;
  readonly settings: DeliverySettings;
  readonly signal: AbortSignal;
  readonly onEvent: OnDeliveryEvent;
}

/** Throws when the function at hand is not the one that the specification names. */
export function createProcessor(
  spec: DeliveryStreamSpec,
  transformer: LambdaFunction | undefined,
  context: ProcessorContext,
): Processor {
  const source = {
    deliveryStreamArn: spec.arn,
    sourceStreamArn: spec.sourceStreamArn,
    region: spec.arn.split(':')[3] ?? '',
  };
  if (spec.processor?.functionArn !== transformer?.arn) {
    const named = spec.processor?.functionArn ?? 'no function';
    throw new Error(
      `Delivery stream ${spec.name}: its processor names ${named}, but ${transformer?.arn ?? 'none'} is given`,
    );
  }
  if (!spec.processor || !transformer) {
    const transform = passThrough(context.clock);
    return { transform, source, bufferSizeMiB: spec.bufferSizeMiB, bufferIntervalMs: 0 };
  }
  const { retries, bufferSizeMiB, bufferIntervalSeconds } = spec.processor;
  return {
    transform: createTransformer(transformer, { ...context, source, retries }),
    source,
    bufferSizeMiB,
    bufferIntervalMs: bufferIntervalSeconds * 1000,
  };
}
