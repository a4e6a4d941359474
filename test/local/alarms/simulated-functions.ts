import { functionLog, metricSource } from '../../../domain/function/function-log';
import { uniquesFor } from '../../../domain/visitors/uniques';
import { adaptBatch } from '../../../lambda/adapter/adapt-batch';
import { createRecordAdapter } from '../../../lambda/adapter/adapt-record';
import { adapterService } from '../../../lambda/adapter/contract';
import { readEnvironment as readAdapterEnvironment } from '../../../lambda/adapter/environment';
import { reportBatch } from '../../../lambda/adapter/report';
import { aggregatorService } from '../../../lambda/aggregator/contract';
import { readEnvironment as readAggregatorEnvironment } from '../../../lambda/aggregator/environment';
import { readKinesisEvent } from '../../../lambda/aggregator/kinesis-event';
import { reportOutcome } from '../../../lambda/aggregator/report';
import { type AnswerPorts, answerEvent } from '../../../lambda/collector/answer-event';
import { longestPutMs } from '../../../lambda/collector/collect';
import { collectorService } from '../../../lambda/collector/contract';
import { readEnvironment as readCollectorEnvironment } from '../../../lambda/collector/environment';
import { createRateLimit } from '../../../lambda/collector/rate-limit';
import { compactAll } from '../../../lambda/compactor/compact-all';
import { compactorService } from '../../../lambda/compactor/contract';
import { readEnvironment as readCompactorEnvironment } from '../../../lambda/compactor/environment';
import { reportCompaction } from '../../../lambda/compactor/report';
import { transformerService } from '../../../lambda/transformer/contract';
import { reportTransformation } from '../../../lambda/transformer/report';
import { transform } from '../../../lambda/transformer/transform';
import type { FunctionSpec } from '../../../local/deployment';
import type { FunctionRole } from '../../../local/fault-injection/profile';
import type { LambdaFunction } from '../../../local/function-runtime/lambda-function';
import { putAll } from '../../../producer/client/put-all';
import { type PutRecordsClient, putRecords } from '../../../producer/client/put-records';
import { createAppender } from '../../../table/append';
import { createCompactor } from '../../../table/compact';
import type { DynamoCalls } from '../../../table/dynamo-calls';
import { logTable } from '../../../table/log-table';
import { neverAborted } from '../../support/never-aborted';

export interface SimulatedFunctionPorts {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly dynamo: DynamoCalls;
  readonly kinesis: PutRecordsClient;
  /** Whether the compactor's time is over once it has read a log. */
  readonly isInHurry: () => boolean;
  /** A line of the function's log. */
  readonly print: (line: string) => void;
}

type Handler = (event: never) => Promise<unknown>;

/**
 * A function as its handler puts it together, with the environment that the template gives it, in this process and on
 * the test's clock.
 */
export function simulatedFunction(
  spec: FunctionSpec,
  role: FunctionRole,
  ports: SimulatedFunctionPorts,
): LambdaFunction {
  const handler = handlers[role](spec, ports);
  return {
    arn: spec.arn,
    name: spec.name,
    roleArn: spec.roleArn,
    invoke: async (eventJson) => {
      try {
        const payload = await handler(JSON.parse(eventJson) as never);
        return { kind: 'returned', payload, payloadBytes: Buffer.byteLength(JSON.stringify(payload)) };
      } catch (error) {
        const { name, message } = error as Error;
        return { kind: 'failed', errorType: name, errorMessage: message };
      }
    },
  };
}

const handlers: Readonly<
  Record<FunctionRole, (spec: FunctionSpec, ports: SimulatedFunctionPorts) => Handler>
> = {
  aggregator: ({ environment }, { now, dynamo, print }) => {
    const log = functionLog(metricSource(aggregatorService, environment), print, now);
    const settings = readAggregatorEnvironment(environment);
    let tokens = 0;
    const appender = createAppender(
      { table: logTable(dynamo, settings.tableName), now, newToken: () => `token-${++tokens}` },
      { ...settings, uniques: uniquesFor(settings.uniqueVisitors) },
    );
    return async (event) => {
      const { shard, records } = readKinesisEvent(event);
      const outcome = await appender.append(shard, records, neverAborted());
      reportOutcome(shard, outcome, log);
      const { lowestUnfinished } = outcome;
      return { batchItemFailures: lowestUnfinished ? [{ itemIdentifier: lowestUnfinished }] : [] };
    };
  },

  compactor: ({ environment }, { now, dynamo, print, isInHurry }) => {
    const log = functionLog(metricSource(compactorService, environment), print, now);
    const { tableName, ...settings } = readCompactorEnvironment(environment);
    let time = new AbortController();
    const timed: DynamoCalls = {
      ...dynamo,
      query: async (input, signal) => {
        const page = await dynamo.query(input, signal);
        const asked = Object.values(input.ExpressionAttributeValues ?? {});
        if (isInHurry() && asked.some(({ S }) => S?.startsWith('log#'))) time.abort();
        return page;
      },
    };
    const table = logTable(timed, tableName);
    const compactor = createCompactor({ table, now }, settings);
    return async () => {
      time = new AbortController();
      const compacted = await compactAll(table, compactor, false, time.signal);
      reportCompaction(compacted, { read: 0, write: 0 }, log);
      return { done: true };
    };
  },

  transformer: ({ environment }, { now, print }) => {
    const log = functionLog(metricSource(transformerService, environment), print, now);
    return async ({ records }: { readonly records: Parameters<typeof transform>[0] }) => {
      const transformation = transform(records);
      reportTransformation(transformation, log);
      return { records: transformation.answers };
    };
  },

  collector: ({ environment }, { now, sleep, kinesis, print }) => {
    const settings = readCollectorEnvironment(environment);
    const ports: AnswerPorts = {
      files: new Map(),
      salts: { today: async () => Buffer.from('salt'), forgetPast: async () => {} },
      rateLimit: createRateLimit(settings.eventsPerMinute, now),
      put: (records) =>
        putAll(records, longestPutMs, {
          put: (missing) => putRecords(kinesis, settings.streamName, missing),
          random: () => 0.5,
          ...{ sleep, now },
        }),
      log: functionLog(metricSource(collectorService, environment), print, now),
      now,
    };
    return (event) => answerEvent(event, settings, ports);
  },

  adapter: ({ environment, timeoutSeconds }, { now, sleep, kinesis, print }) => {
    const log = functionLog(metricSource(adapterService, environment), print, now);
    const settings = readAdapterEnvironment(environment);
    const adapt = createRecordAdapter(settings.logFormat);
    return async (event) => {
      // As much before the time-out as the handler keeps free.
      const end = now() + timeoutSeconds * 1_000 - 8_000;
      const { shard, records } = readKinesisEvent(event);
      const batch = await adaptBatch(shard, records, {
        adapt,
        put: async (request) =>
          now() < end
            ? putAll(request, end - now(), {
                put: (missing) => putRecords(kinesis, settings.streamName, missing),
                random: () => 0.5,
                ...{ sleep, now },
              })
            : { kind: 'failed', because: 'OutOfTime', mayHaveArrived: false },
      });
      reportBatch(shard, batch, log);
      const { lowestUnfinished } = batch;
      return { batchItemFailures: lowestUnfinished ? [{ itemIdentifier: lowestUnfinished }] : [] };
    };
  },
};
