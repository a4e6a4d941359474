import type { RunStats } from '../../producer/command/run-producer';
import type { PipelineStatus } from '../pipeline';

/** The live status. Counts are of this run; lags are the age of the oldest record that is not done with. */
export function statusLine(status: PipelineStatus, invalid: number, producer: RunStats | undefined): string {
  const { mappings, deliveries, injected } = status;
  const parts = [
    ...(producer ? [`produced ${count(producer.accepted)}`] : []),
    `aggregated ${count(mappings.delivered)} (lag ${seconds(mappings.lagMs)})`,
    `archived ${count(deliveries.deliveredRecords + deliveries.errorRecords)} in ${count(deliveries.objects)} objects (lag ${seconds(deliveries.lagMs)})`,
    `invalid ${count(invalid)}`,
    `on-failure ${count(mappings.discarded)}`,
    ...(status.faults > 0 ? [`faults ${count(status.faults)} (see logs/pipeline.log)`] : []),
    ...(injected ? [`injected ${count(Object.values(injected).reduce((sum, n) => sum + n, 0))}`] : []),
  ];
  return parts.join(' · ');
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
