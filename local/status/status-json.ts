import { printableJson } from '../../cli/terminal-text';
import type { DataDir } from '../../emulators/data-dir';
import type { PipelineState } from './pipeline-state';

/** The first line of `--json-lines`: from now on the pipeline takes events, at the addresses in the file. */
export function startedJson({ path, endpointsFile }: DataDir, now: number): string {
  return printableJson({
    type: 'started',
    time: new Date(now).toISOString(),
    dataDirectory: path,
    endpointsFile,
  });
}

/** A line of `--json-lines`: how the pipeline stands. Its fields are those of docs/laptop.md. */
export function statusJson(state: PipelineState, now: number): string {
  const { lagMs, nextObjectMs, archiveLateMs, others, alarms, producer, ...counts } = state;
  return printableJson({
    type: 'status',
    time: new Date(now).toISOString(),
    ...counts,
    lagMs: Math.round(lagMs),
    nextObjectMs: nextObjectMs === undefined ? null : Math.round(nextObjectMs),
    archiveLateMs: archiveLateMs === undefined ? null : Math.round(archiveLateMs),
    alarms: alarms.map(({ name }) => name),
    others: others.map((other) => ({ ...other, lagMs: Math.round(other.lagMs) })),
    producer,
  });
}
