import { writeLocalAlarms } from '../../alarms/local-alarms';
import type { DataDir } from '../../emulators/data-dir';
import type { OnAnswered } from '../../emulators/on-answered';
import { functionLogFile } from '../applications';
import type { Clock } from '../clock';
import type { Deployment } from '../deployment';
import type { OnFault } from '../faults/fault';
import type { DeliveryStream } from '../firehose/delivery-stream';
import type { LambdaFunction } from '../function-runtime/lambda-function';
import { type AlarmMinutes, startAlarmMinutes } from './alarm-minutes';
import { recordFreshness } from './delivery-metrics';
import { recordEmbedded } from './embedded-metrics';
import { tailLog } from './log-tail';
import { measuredFunction } from './measured-function';
import { createMetricStore, keptMs, type RecordMetric } from './metric-store';
import { wireMetrics } from './wire-metrics';

/** What is measured of a pipeline while it runs, as AWS would measure it. */
export interface Measuring {
  readonly record: RecordMetric;
  /** For whoever sees the requests to Kinesis and DynamoDB, and their answers. */
  readonly onAnswered: OnAnswered;
  measured<F extends LambdaFunction>(fn: F): F;
  /** Evaluates the alarms of the templates from now on. */
  startAlarms(deliveryStreams: readonly DeliveryStream[], onFault: OnFault): Promise<AlarmMinutes>;
}

/** To be called before the functions start, since what their logs hold by then is left out. */
export function startMeasuring(deployment: Deployment, dir: DataDir, clock: Clock): Measuring {
  const metrics = createMetricStore(clock.now, keptMs(deployment.alarms));
  const { record } = metrics;
  const logs = deployment.functions.map(({ name }) => tailLog(functionLogFile(dir, name)));
  return {
    record,
    onAnswered: wireMetrics(
      deployment.streams.map(({ name }) => name),
      record,
    ),
    measured: (fn) => measuredFunction(fn, record, clock),
    startAlarms: (deliveryStreams, onFault) =>
      startAlarmMinutes(deployment.alarms, {
        ...{ metrics, clock, onFault },
        save: (states) => writeLocalAlarms(dir, states),
        collect: (at) => {
          for (const tail of logs) for (const line of tail.read()) recordEmbedded(line, record);
          for (const stream of deliveryStreams) recordFreshness(stream, record, at);
        },
      }),
  };
}
