import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { errorName } from '../../domain/function/function-log';
import { createApi } from '../../query/api';
import type { HealthSource } from '../../query/ports';
import { functionClient } from '../../table/function-client';
import { dynamoLogTable } from '../../table/log-table';
import { LogGapError } from '../../table/pending-log';
import { printedLog } from '../runtime/printed-log';
import { queryService } from './contract';
import { readEnvironment } from './environment';

/** Answers a request of the HTTP API, which lets in nobody without a valid token. */
export type QueryHandler = (event: APIGatewayProxyEventV2) => Promise<APIGatewayProxyStructuredResultV2>;

/** The query API over the table that the environment names, as a function's handler. */
export function queryHandler(environment: NodeJS.ProcessEnv, health: HealthSource): QueryHandler {
  const log = printedLog(queryService, environment);
  const { tableName, pipeline, ...settings } = readEnvironment(environment);

  /** What the caller is told. */
  const explain = (error: unknown): string | undefined => {
    log('WARN', 'request not answered', { error: errorName(error) }, {});
    if (error instanceof LogGapError) return error.message;
    const isOfService = error instanceof Error && '$metadata' in error;
    return isOfService ? 'the table cannot be read just now; ask again in a moment' : undefined;
  };
  const table = dynamoLogTable(functionClient(), tableName);
  const api = createApi({ pipeline, settings, table, health, now: Date.now, explain });

  return async (event) => {
    const { status, headers, body } = await api({
      method: event.requestContext.http.method,
      path: event.rawPath,
      query: new URLSearchParams(event.rawQueryString),
      headers: event.headers,
    });
    return { statusCode: status, headers: { ...headers }, body };
  };
}
