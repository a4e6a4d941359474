import type { LambdaFunctionURLEvent, LambdaFunctionURLResult } from 'aws-lambda';
import type { FunctionLog } from '../../domain/function/function-log';
import type { ClientFile } from './client-file';
import { type CollectPorts, collect } from './collect';
import type { forgetSalts } from './contract';
import type { CollectorSettings } from './environment';
import { reportRequest } from './report';
import { readRequest } from './request';
import { route } from './route';
import type { Salts } from './salts';

export interface AnswerPorts extends CollectPorts {
  readonly salts: Salts;
  /** What is given out, by the end of its path. */
  readonly files: ReadonlyMap<string, ClientFile>;
  readonly log: FunctionLog;
}

/** A request to the function's URL; or what its schedule wants, which no request can look like. */
export type CollectorEvent = LambdaFunctionURLEvent | typeof forgetSalts;

/** @throws what the table of salts throws at the schedule; a request is answered whatever happens */
export async function answerEvent(
  event: CollectorEvent,
  settings: CollectorSettings,
  ports: AnswerPorts,
): Promise<LambdaFunctionURLResult> {
  if (!('requestContext' in event)) {
    await ports.salts.forgetPast();
    return { statusCode: 204 };
  }
  const { status, headers, body } = await route(readRequest(event, settings.cloudFrontProof), {
    files: ports.files,
    origins: settings.origins,
    onlyCloudFront: settings.cloudFront === 'only',
    collect: async (request) => {
      const collected = await collect(request, settings, ports);
      reportRequest(collected, ports.log);
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
