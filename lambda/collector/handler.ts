import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { LambdaFunctionURLResult } from 'aws-lambda';
import { functionKinesisClient } from '../../producer/client/function-client';
import { putAll } from '../../producer/client/put-all';
import { putRecords } from '../../producer/client/put-records';
import { functionClient } from '../../table/function-client';
import { printedLog } from '../runtime/printed-log';
import { type AnswerPorts, answerEvent, type CollectorEvent } from './answer-event';
import { type ClientFile, clientFile } from './client-file';
import { longestPutMs } from './collect';
import { clientFiles, collectorService } from './contract';
import { dynamoSalts } from './dynamo-salts';
import { readEnvironment } from './environment';
import { createRateLimit } from './rate-limit';
import { createSalts } from './salts';

const log = printedLog(collectorService, process.env);
const settings = readEnvironment(process.env);

const kinesis = functionKinesisClient(2_000);

const files = new Map<string, ClientFile>();
for (const name of Object.values(clientFiles)) {
  const path = join(process.env.LAMBDA_TASK_ROOT ?? __dirname, name);
  if (existsSync(path)) files.set(`/${name}`, clientFile(readFileSync(path)));
}

const ports: AnswerPorts = {
  ...{ files, log },
  salts: createSalts(dynamoSalts(functionClient(), settings.saltTableName), randomBytes, Date.now),
  rateLimit: createRateLimit(settings.eventsPerMinute, Date.now),
  put: (records) =>
    putAll(records, longestPutMs, {
      put: (missing) => putRecords(kinesis, settings.streamName, missing),
      sleep: (ms) => setTimeout(ms),
      random: Math.random,
      now: Date.now,
    }),
  now: Date.now,
};

export function handler(event: CollectorEvent): Promise<LambdaFunctionURLResult> {
  return answerEvent(event, settings, ports);
}
