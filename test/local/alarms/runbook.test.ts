import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { playedRows } from '../../end-to-end/runbook-rows';
import { scenarios } from './scenarios';

const page = readFileSync(join(__dirname, '../../../docs/operations.md'), 'utf8');

interface Row {
  readonly failure: string;
  readonly alarms: readonly string[];
  /** Commands that the row gives, as they are written: `recover repair --all`. */
  readonly commands: readonly string[];
  readonly played: string;
}

const [, table = ''] = /\n(\| what fails \|.*?)\n\n/s.exec(page) ?? [];
const rows = table
  .split('\n')
  .slice(2)
  .map((line): Row => {
    const [failure = '', alarms = '', , , run = '', , played = ''] = line.split('|').slice(1, -1);
    return {
      failure: failure.trim(),
      alarms: [...alarms.matchAll(/\[(\w+)\]/g)].map(([, id]) => id!),
      commands: [...run.matchAll(/`(recover [^`]+)`/g)].map(([, command]) => command!),
      played: played.trim(),
    };
  });

describe('The table of failures in the runbook', () => {
  it('says of each row who has played it', () => {
    expect(rows.length).toBeGreaterThan(20);
    const unclear = rows.filter(({ played }) => !/^(commands|alarms|nobody|parts, `test\/.*`)$/.test(played));
    expect(unclear).toEqual([]);
  });

  it('has its rows of commands played by their commands', () => {
    const told = rows.filter(({ played }) => played === 'commands');
    expect(told.map(({ failure }) => failure).sort()).toEqual(
      playedRows.map(({ failure }) => failure).sort(),
    );
    for (const { failure, alarms, commands } of told) {
      const played = playedRows.find((row) => row.failure === failure)!;
      expect([failure, commands]).toEqual([failure, played.run ? [played.run.join(' ')] : []]);
      expect(alarms).toEqual(expect.arrayContaining([...played.alarms]));
    }
  });

  it('names no alarm, of a row that is played, that goes off in no scenario', () => {
    const proven = new Set(scenarios.flatMap(({ alarms }) => alarms));
    const played = rows.filter(({ played: by }) => by === 'commands' || by === 'alarms');
    expect(played.flatMap(({ alarms }) => alarms).filter((id) => !proven.has(id))).toEqual([]);
  });
});
