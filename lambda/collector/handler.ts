import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import { functionLog, metricSource } from '../../domain/function/function-log';
import { putRecords } from '../../producer/client/put-records';
import { functionClient } from '../../table/function-client';
import { type ClientFile, clientFile } from './client-file';
import { collect } from './collect';
import { clientFiles, collectorService, type forgetSalts } from './contract';
import { dynamoSalts } from './dynamo-salts';
import { readEnvironment } from './environment';
import { putAll } from './put-all';
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

// One attempt: `putAll` repeats what failed, and no more. Not the client's own handler, which opens an HTTP/2 session
// for each request (aws-sdk-js-v3 #8279).
const kinesis = new KinesisClient({
  maxAttempts: 1,
  requestHandler: new NodeHttpHandler({
    httpsAgent: new Agent({ keepAlive: true }),
    connectionTimeout: 1_000,
    requestTimeout: 2_000,
    throwOnRequestTimeout: true,
  }),
});

const ports = {
  salts: createSalts(dynamoSalts(functionClient(), settings.saltTableName), randomBytes, Date.now),
  rateLimit: createRateLimit(settings.eventsPerMinute, Date.now),
  put: (records: Parameters<typeof putAll>[0]) =>
    putAll(records, {
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

/** Answers a request to the function URL, or what the schedule wants, which no request can look like. */
export async function handler(
  event: LambdaFunctionURLEvent | typeof forgetSalts,
): Promise<LambdaFunctionURLResult> {
  if (!('requestContext' in event)) {
    await ports.salts.forgetPast();
    return { statusCode: 204 };
  }
  const { status, headers, body } = await route(readRequest(event, settings.cloudFrontProof), {
    files,
    origins: settings.origins,
    onlyCloudFront: settings.cloudFront === 'only',
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
