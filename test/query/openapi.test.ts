import Ajv from 'ajv';
import OpenAPISchemaValidator from 'openapi-schema-validator';
import { windowSizes } from '../../domain/counters/window';
import { endpoints } from '../../query/endpoints';
import { type ParameterName, parameters } from '../../query/parameters';
import { apiBench, clicksAt } from './api-bench';

const now = Date.parse('2026-03-03T12:00:30Z');
const bench = apiBench({
  now,
  health: async () => ({
    lagMs: { counting: 1 },
    givenUpBatches: 0,
    alarms: [
      {
        name: 'a',
        state: 'OK',
        since: '2026-03-03T12:00:00Z',
        description: 'd',
        value: 0.5,
        threshold: 1,
        runbook: 'r',
      },
    ],
  }),
});

interface Document {
  readonly paths: Readonly<
    Record<string, { readonly get: { readonly parameters: readonly { readonly name: ParameterName }[] } }>
  >;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** Values of each parameter that the description allows, and some that it does not. */
const examples: Readonly<
  Record<ParameterName, { readonly good: readonly string[]; readonly bad: readonly string[] }>
> = {
  dimension: { good: ['page', 'invalid'], bad: ['pages', ''] },
  value: { good: ['/', 'x'.repeat(200)], bad: ['', 'x'.repeat(201)] },
  unique: { good: ['visitors', 'sessions'], bad: ['users'] },
  scope: { good: ['total'], bad: ['site'] },
  from: { good: ['2026-03-03', '2026-03-03T09:00Z'], bad: ['today'] },
  to: { good: ['2026-03-04', '2026-03-03T13:00+01:00'], bad: ['2026-13-01'] },
  window: { good: [...windowSizes], bad: ['era'] },
  zone: { good: ['Europe/Berlin', 'Asia/Kathmandu'], bad: ['Berlin', 'x'.repeat(201)] },
  compare: { good: ['previous', '2026-03-01', '2026-03-02T10:20Z'], bad: ['true', '2026-03-04'] },
  limit: { good: ['1', '1000'], bad: ['0', '1001', '1.5'] },
  search: { good: ['/'], bad: [''] },
  format: { good: ['json'], bad: ['xml'] },
};

describe('the description of the API', () => {
  let document: Document;
  let ajv: Ajv;
  beforeAll(async () => {
    await bench.count(clicksAt(['2026-03-03T11:00:00Z', '2026-03-03T11:20:00Z'], '/a'));
    await bench.count([{ timestamp: 'never' }]);
    document = await bench.get('/api/openapi.json');
    ajv = new Ajv({ strict: false, allErrors: true });
    ajv.addSchema({ $id: 'api', ...document });
  });

  const valid = (name: string, answer: unknown): void => {
    const validate = ajv.compile({ $ref: `api#/components/schemas/${name}` });
    validate(answer);
    expect(validate.errors ?? []).toEqual([]);
  };

  it('is OpenAPI', () => {
    const { errors } = new OpenAPISchemaValidator({ version: 3 }).validate(document as never);
    expect(errors).toEqual([]);
  });

  it('has every path and parameter of the handler, and no others', () => {
    expect(Object.keys(document.paths)).toEqual(endpoints.map(({ path }) => path));
    for (const { path, parameters: names } of endpoints) {
      expect(document.paths[path]!.get.parameters.map(({ name }) => name)).toEqual(names);
    }
    const used = new Set(endpoints.flatMap(({ parameters: names }) => names));
    expect([...used].sort()).toEqual(Object.keys(parameters).sort());
  });

  it.each(endpoints.flatMap(({ path, parameters: names }) => names.map((name) => [path, name] as const)))(
    'has of %s the parameter %s as the handler takes it',
    async (path, name) => {
      const schema = ajv.compile(parameters[name].schema);
      const needed = path === '/api/uniques' && name === 'value' ? '&scope=page' : '';
      const ask = (value: string) => bench.ask(`${path}?${name}=${encodeURIComponent(value)}${needed}`);
      for (const value of examples[name].good) {
        const answer = await ask(value);
        expect([value, answer.status]).toEqual([value, 200]);
        expect(schema(name === 'limit' ? Number(value) : value)).toBe(true);
      }
      for (const value of examples[name].bad) {
        const answer = await ask(value);
        expect([value, answer.status]).toEqual([value, 400]);
        valid('ApiError', JSON.parse(answer.body));
      }
    },
  );

  it.each(
    endpoints
      .filter(({ answer }) => answer !== 'Document')
      .map(({ path, answer }) => [path, answer] as const),
  )('has the answer of %s as %s', async (path, name) => {
    const takesRange = endpoints.some((one) => one.path === path && one.parameters.includes('compare'));
    const answers: object[] = [await bench.get(path)];
    if (takesRange) answers.push(await bench.get(`${path}?compare=previous&window=day`));
    for (const answer of answers) valid(name, answer);
    if (takesRange) expect(JSON.stringify(answers[1])).toContain('"previous"');
    // The schema is one that can fail.
    expect(ajv.validate({ $ref: `api#/components/schemas/${name}` }, { ...answers[0], more: 1 })).toBe(false);
  });

  it('has the answers of errors', async () => {
    valid('ApiError', JSON.parse((await bench.ask('/api/nothing')).body));
    valid('ApiError', JSON.parse((await bench.ask('/api/top', { method: 'PUT' })).body));
  });
});
