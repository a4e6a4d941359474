import type { Endpoint } from './endpoint';
import { parameters } from './parameters';
import { schemas } from './schemas';

/** The API as OpenAPI 3.0 describes it, made of what the handler goes by. */
export function openApiDocument(endpoints: readonly Endpoint[]): object {
  const error = {
    description: 'What was wrong, and what is allowed instead.',
    content: { 'application/json': { schema: refTo('ApiError') } },
  };
  return {
    openapi: '3.0.3',
    info: {
      title: 'Click-stream counters',
      version: '1',
      description:
        'Exact counts and estimates of distinct visitors, as of now. Times are ISO 8601 in UTC; a range includes its start and not its end.',
    },
    paths: Object.fromEntries(
      endpoints.map(({ path, summary, parameters: names, answer, csv }) => [
        path,
        {
          get: {
            operationId: `get${answer}`,
            summary,
            parameters: names.map((name) => ({ name, in: 'query', ...parameters[name] })),
            responses: {
              200: {
                description: summary,
                headers: {
                  ETag: { schema: { type: 'string' } },
                  'Cache-Control': { schema: { type: 'string' } },
                },
                content: {
                  'application/json': { schema: answer === 'Document' ? { type: 'object' } : refTo(answer) },
                  ...(csv ? { 'text/csv': { schema: { type: 'string' } } } : {}),
                },
              },
              304: { description: 'It is as the ETag in If-None-Match says.' },
              400: error,
              503: error,
            },
          },
        },
      ]),
    ),
    components: { schemas },
  };
}

function refTo(name: string): object {
  return { $ref: `#/components/schemas/${name}` };
}
