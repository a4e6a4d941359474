import { counted } from '../cli/counted';
import { printable } from '../cli/terminal-text';
import type { AlarmState, AlarmStatus } from './alarm-status';
import type { Comparison } from './evaluation/alarm';

const urgency: readonly AlarmState[] = ['ALARM', 'INSUFFICIENT_DATA', 'OK'];
const shownStates: Readonly<Record<AlarmState, string>> = {
  ALARM: 'ALARM  ',
  INSUFFICIENT_DATA: 'no data',
  OK: 'OK     ',
};

/** The alarms for people, a line each, those in ALARM first and with what they mean and where to read on. */
export function alarmsText(alarms: readonly AlarmStatus[]): string {
  const sorted = alarms.toSorted((a, b) => urgency.indexOf(a.state) - urgency.indexOf(b.state));
  const widest = Math.max(...alarms.map(({ name }) => name.length));
  const firing = alarms.filter(({ state }) => state === 'ALARM').length;
  const ending = firing === 0 ? 'nothing in ALARM' : `${firing} in ALARM`;
  return `${sorted.flatMap((alarm) => linesOf(alarm, widest)).join('\n')}\n${counted(alarms.length, 'alarm')}, ${ending}\n`;
}

/** What a value is that goes off. */
const breaches: Readonly<Record<Comparison, string>> = {
  GreaterThanThreshold: 'above',
  GreaterThanOrEqualToThreshold: 'from',
  LessThanThreshold: 'below',
  LessThanOrEqualToThreshold: 'up to',
};

function linesOf(alarm: AlarmStatus, widest: number): readonly string[] {
  const { name, state, since, value, threshold, comparison, description, runbook } = alarm;
  const limit = `${comparison ? `alarm ${breaches[comparison]}` : 'threshold'} ${shown(threshold)}`;
  const beside = value === undefined ? 'no value' : shown(value);
  const line = `${shownStates[state]}  ${printable(name).padEnd(widest)}  since ${since.slice(0, 19)}Z  ${beside} (${limit})`;
  return state === 'ALARM'
    ? [line, `         ${printable(description)}`, `         ${printable(runbook)}`]
    : [line];
}

function shown(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 3 });
}
