import { functionClient } from '../../table/function-client';
import { dynamoLogTable } from '../../table/log-table';
import { printedLog } from '../runtime/printed-log';
import { anomaliesService } from './contract';
import { readEnvironment } from './environment';
import { createJudge } from './judge';
import { reportVerdict } from './report';

const log = printedLog(anomaliesService, process.env);

const { tableName, ...settings } = readEnvironment(process.env);
const table = dynamoLogTable(functionClient(), tableName);
const judge = createJudge({ table, now: Date.now }, settings);

/** Says of the latest hour that is counted whole how unusual it is. Answers how many anomalies have not ended. */
export async function handler(): Promise<{ readonly open: number }> {
  const before = table.units.read;
  const verdict = await judge();
  reportVerdict(verdict, { read: table.units.read - before }, Date.now(), log);
  return { open: verdict?.open.length ?? 0 };
}
