import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { errorName, functionLog, metricSource } from '../../domain/function/function-log';
import { createApi } from '../../query/api';
import { functionClient } from '../../table/function-client';
import { dynamoLogTable } from '../../table/log-table';
import { LogGapError } from '../../table/pending-log';
import { queryService } from './contract';
import { readEnvironment } from './environment';

// Not `console`, before whose lines the runtime writes the time.
const log = functionLog(
  metricSource(queryService, process.env),
  (line) => process.stdout.write(`${line}\n`),
  Date.now,
);

const { tableName, pipeline, ...settings } = readEnvironment(process.env);

/** What the caller is told. */
function explain(error: unknown): string | undefined {
  log('WARN', 'request not answered', { error: errorName(error) }, {});
  if (error instanceof LogGapError) return error.message;
  const isOfService = error instanceof Error && '$metadata' in error;
  return isOfService ? 'the table cannot be read just now; ask again in a moment' : undefined;
}

const api = createApi({
  pipeline,
  settings,
  table: dynamoLogTable(functionClient(), tableName),
  health: async () => ({}),
  now: Date.now,
  explain,
});

/** Answers a request of the HTTP API, which lets in nobody without a valid token. */
export async function handler(event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> {
  const { status, headers, body } = await api({
    method: event.requestContext.http.method,
    path: event.rawPath,
    query: new URLSearchParams(event.rawQueryString),
    headers: event.headers,
  });
  return { statusCode: status, headers: { ...headers }, body };
}
