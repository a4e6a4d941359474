import { readFile } from 'node:fs/promises';
import { isListening } from '../cli/is-listening';
import { readLocalPipeline } from '../cli/local-pipeline';
import { SetupError } from '../cli/setup-error';
import { isObject, parseObject } from '../domain/json/json-object';
import { type DataDir, dataDirAt, writeWhole } from '../emulators/data-dir';
import type { AlarmStatus } from './alarm-status';

/** What the pipeline on this machine writes down after each evaluation of its alarms. */
export interface AlarmsFile {
  readonly evaluatedAt: string;
  readonly alarms: readonly AlarmStatus[];
}

/** A reader sees the states of before, or these. */
export function writeLocalAlarms({ alarmsFile }: DataDir, states: AlarmsFile): Promise<void> {
  return writeWhole(alarmsFile, `${JSON.stringify(states, undefined, 2)}\n`);
}

/**
 * The alarms of the pipeline that runs on a data directory. Throws a `SetupError` if none runs there: nobody evaluates
 * them then.
 */
export async function readLocalAlarms(directory: string): Promise<readonly AlarmStatus[]> {
  const { endpoints } = await readLocalPipeline(directory);
  if (!(await isListening(new URL(endpoints.kinesis)))) {
    throw new SetupError(
      `no pipeline runs on ${directory}, and nobody evaluates its alarms. Start it with: npm start`,
    );
  }
  const path = dataDirAt(directory).alarmsFile;
  const file = parseObject(await readFile(path, 'utf8').catch(() => ''));
  if (!Array.isArray(file?.alarms) || !file.alarms.every(isObject)) {
    throw new SetupError(`${path} holds no states of alarms. Start the pipeline again with: npm start`);
  }
  return file.alarms as unknown as readonly AlarmStatus[];
}
