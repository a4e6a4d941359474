import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { functionLog, metricSource } from '../../domain/function/function-log';
import { functionKinesisClient } from '../../producer/client/function-client';
import { putAll } from '../../producer/client/put-all';
import { putRecords } from '../../producer/client/put-records';
import { functionClient } from '../../table/function-client';
import { type ClientFile, clientFile } from './client-file';
import { collect } from './collect';
import { clientFiles, collectorService } from './contract';
import { dynamoSalts } from './dynamo-salts';
import { readEnvironment } from './environment';
import { createRateLimit } from './rate-limit';
import { reportRequest } from './report';
import { readRequest } from './request';
import { route } from './route';
import { createSalts } from './salts';

// Not `console`, before whose lines the runtime writes the time.
const log = functionLog(
  metricSource(collectorService, process.env),
  (line) => process.stdout.write(`${line}\n`),
  Date.now,
);
const settings = readEnvironment(process.env);

const kinesis = functionKinesisClient(2_000);

/** A visitor's browser waits. A request that is under way then takes two seconds at the most. */
const longestPutMs = 4_000;

const ports = {
  salts: createSalts(dynamoSalts(functionClient(), settings.saltTableName), randomBytes, Date.now),
  rateLimit: createRateLimit(settings.eventsPerMinute, Date.now),
  put: (records: Parameters<typeof putAll>[0]) =>
    putAll(records, longestPutMs, {
      put: (missing) => putRecords(kinesis, settings.streamName, missing),
      sleep: (ms) => setTimeout(ms),
      random: Math.random,
      now: Date.now,
    }),
  now: Date.now,
};

const files = new Map<string, ClientFile>();
for (const name of Object.values(clientFiles)) {
  const path = join(process.env.LAMBDA_TASK_ROOT ?? __dirname, name);
  if (existsSync(path)) files.set(`/${name}`, clientFile(readFileSync(path)));
}

/** Answers a request to the function URL. */
export async function handler(event: LambdaFunctionURLEvent): Promise<LambdaFunctionURLResult> {
  const { status, headers, body } = await route(readRequest(event), {
    files,
    origins: settings.origins,
    collect: async (request) => {
      const collected = await collect(request, settings, ports);
      reportRequest(collected, log);
      return collected.answer;
    },
  });
  const isBinary = Buffer.isBuffer(body);
  return {
    statusCode: status,
    headers: { ...headers, 'x-content-type-options': 'nosniff' },
    ...(body !== undefined && { body: isBinary ? body.toString('base64') : body, isBase64Encoded: isBinary }),
  };
}
