import type { PipelineState } from './pipeline-state';

/**
 * The live status, in the room that there is: what matters most (alarms, invalid, on failure, how far behind) is left out last.
 *
 * @param columns of the terminal; infinite for a log
 */
export function statusLine(state: PipelineState, columns: number): string {
  const lines = ranks.map((rank) => lineOf(state, rank));
  return lines.find((line) => line.length <= columns) ?? (lines.at(-1) ?? '').slice(0, Math.max(columns, 0));
}

/** From a line that says everything to one that says only what is wrong. */
const ranks = [0, 1, 2, 3, 4, 5, 6] as const;

function lineOf(state: PipelineState, rank: number): string {
  const { producer, nextObjectMs, archiveLateMs, injected, faults } = state;
  /** Whether what is left out behind this rank is still in. */
  const hasRoom = (lastRank: number): boolean => rank <= lastRank;
  const fraction = producer?.fraction;
  const next = nextObjectMs === undefined ? [] : [nextText(nextObjectMs, hasRoom(1))];
  const archived = [`archived ${count(state.archived)}`, ...(hasRoom(2) ? next : [])].join(', ');
  return [
    ...(state.alarms.length === 0 ? [] : [alarmsText(state.alarms, hasRoom(2))]),
    ...(fraction !== undefined && fraction < 1 && hasRoom(3) ? [`${Math.floor(fraction * 100)} % read`] : []),
    ...(hasRoom(4) ? [`counted ${count(state.counted)}`] : []),
    ...(hasRoom(3) ? [archived] : []),
    ...(state.invalid > 0 || hasRoom(5) ? [`invalid ${count(state.invalid)}`] : []),
    ...(state.duplicates > 0 && hasRoom(1) ? [`duplicates ${count(state.duplicates)}`] : []),
    ...(state.onFailure > 0 || hasRoom(5) ? [`on failure ${count(state.onFailure)}`] : []),
    ...(producer && producer.failed > 0 ? [`not accepted ${count(producer.failed)}`] : []),
    `lag ${seconds(state.lagMs)}`,
    ...(archiveLateMs === undefined ? [] : [`archive ${seconds(archiveLateMs)} behind`]),
    ...(hasRoom(1) ? state.others.map(otherText) : []),
    ...(injected !== undefined && hasRoom(0) ? [`injected ${count(injected)}`] : []),
    ...(faults > 0 && hasRoom(0) ? [`faults ${count(faults)} (logs/pipeline.log)`] : []),
  ].join(' · ');
}

function alarmsText(alarms: PipelineState['alarms'], byName: boolean): string {
  return `ALARM ${byName ? alarms.map(({ name }) => name).join(', ') : count(alarms.length)}`;
}

function otherText({ name, lagMs, discarded }: PipelineState['others'][number]): string {
  return `${name} lag ${seconds(lagMs)}${discarded > 0 ? `, on failure ${count(discarded)}` : ''}`;
}

function nextText(ms: number, inFull: boolean): string {
  return `${inFull ? 'next object' : 'next'} in ${Math.ceil(ms / 1000)} s`;
}

function count(n: number): string {
  return n.toLocaleString('en-US');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
