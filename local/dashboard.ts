import type { AlarmStatus } from '../alarms/alarm-status';
import { onFailurePrefix } from '../contract/bucket-prefixes';
import { pipelineOf } from '../contract/stack-outputs';
import { buildPage } from '../dashboard/build';
import { tableExplainer } from '../dashboard/explain';
import { optionsFor } from '../dashboard/place-options';
import { type Dashboard, startDashboard } from '../dashboard/serve';
import { retentionDaysOf } from '../domain/counters/retention';
import type { Clients } from '../emulators/clients';
import { createApi } from '../query/api';
import type { HealthSource } from '../query/ports';
import { dynamoLogTable } from '../table/log-table';
import { listObjects } from './adapters/s3-objects';
import type { Applications } from './applications';
import type { Deployment } from './deployment';
import { aggregationSettings } from './endpoints-file';

export interface LocalDashboardPorts extends Pick<Applications, 'mappings' | 'deliveryStreams'> {
  readonly alarms: () => readonly AlarmStatus[];
  readonly deployment: Deployment;
  readonly dataDir: string;
  /** Of the services themselves: a look at the pipeline is exposed to no faults. */
  readonly clients: Clients;
}

/** Serves the dashboard of the pipeline that runs here. */
export function startLocalDashboard(port: number, ports: LocalDashboardPorts): Promise<Dashboard> {
  const { deployment, clients } = ports;
  const settings = aggregationSettings(deployment);
  const [stack = ''] = Object.keys(deployment.outputs);
  const api = createApi({
    pipeline: pipelineOf(stack),
    place: optionsFor({ kind: 'local', directory: ports.dataDir }),
    settings: { uniqueVisitors: settings.uniqueVisitors, retentionDays: retentionDaysOf(settings) },
    table: dynamoLogTable(clients.dynamodb, deployment.table.name),
    health: healthOf(ports),
    now: Date.now,
    explain: tableExplainer({
      target: `table ${deployment.table.name}`,
      permissions: 'dynamodb:Query on the table',
    }),
  });
  return startDashboard({ port, api, buildPage });
}

/** The on-failure buckets are listed so often at the most. */
const listAgainMs = 10_000;

function healthOf({
  deployment,
  clients,
  mappings,
  deliveryStreams,
  alarms,
}: LocalDashboardPorts): HealthSource {
  const buckets = new Set(
    deployment.eventSourceMappings.flatMap(({ onFailureBucket }) => onFailureBucket ?? []),
  );
  let listed: { readonly at: number; readonly batches: Promise<number> } | undefined;
  const countBatches = async (): Promise<number> => {
    let batches = 0;
    for (const bucket of buckets) {
      for await (const _ of listObjects(clients.s3, bucket, onFailurePrefix)) batches++;
    }
    return batches;
  };
  const worst = (lags: readonly number[]): number => Math.round(Math.max(0, ...lags));
  return async () => {
    if (!listed || Date.now() - listed.at >= listAgainMs)
      listed = { at: Date.now(), batches: countBatches() };
    const { batches } = listed;
    batches.catch(() => {
      listed = undefined;
    });
    return {
      lagMs: {
        counting: worst(mappings.map((mapping) => mapping.status().lagMs)),
        archive: worst(deliveryStreams.map((stream) => stream.status().lagMs)),
      },
      givenUpBatches: await batches,
      alarms: alarms(),
    };
  };
}
