import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { type AskQuestion, questionTool } from '../../mcp/question-tool';
import { serveTools } from '../../mcp/server';
import { counterTools } from '../../mcp/tools';
import { apiBench, clicksAt } from '../query/api-bench';

const questions = [{ name: 'exits', about: 'Where do sessions end?', sql: 'SELECT 1' }];

interface ToolText {
  readonly isError?: boolean;
  readonly content: readonly { readonly text: string }[];
}

/** An assistant that is connected to a pipeline's tools. */
async function assistant(ask: AskQuestion = async () => '[]') {
  const bench = apiBench({ now: Date.parse('2026-03-05T12:00:30Z') });
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  let hangUp: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    hangUp = resolve;
  });
  const tools = [...counterTools(bench.restarted()), questionTool(questions, ask)];
  const served = serveTools({ pipeline: 'clicks-test', tools, transport: theirs, ended });
  const client = new Client({ name: 'assistant', version: '1' });
  await client.connect(mine);
  const call = async (name: string, given: Record<string, unknown> = {}) => {
    const { content, isError } = (await client.callTool({ name, arguments: given })) as unknown as ToolText;
    return { text: content[0]!.text, isError: isError ?? false };
  };
  const endsCall = async () => {
    hangUp();
    await served;
  };
  return { bench, client, call, hangUp: endsCall };
}

describe('An assistant', () => {
  it('finds a tool for each path of the API, and one for questions, and none that changes anything', async () => {
    const { client, hangUp } = await assistant();
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual([
      'about',
      'series',
      'top',
      'uniques',
      'anomalies',
      'health',
      'ask',
    ]);
    for (const { annotations } of tools) expect(annotations).toMatchObject({ readOnlyHint: true });
    await hangUp();
  });

  it('gets what the API answers, to the byte', async () => {
    const { bench, call, hangUp } = await assistant();
    await bench.count(clicksAt(['2026-03-05T11:00:00Z', '2026-03-05T11:00:01Z']));
    const range = { from: '2026-03-05T11:00Z', to: '2026-03-05T12:00Z' };
    const { text } = await call('series', { dimension: 'total', ...range });
    expect(text).toBe(
      (await bench.ask(`/api/series?dimension=total&from=${range.from}&to=${range.to}`)).body,
    );
    expect(JSON.parse(text)).toMatchObject({ sum: 2 });
    await hangUp();
  });

  it.each([
    ['top', { dimension: 'pages' }, 'dimension is "pages"; allowed: total, type, page'],
    ['top', { dimensions: 'page' }, '"dimensions" is no argument here; allowed: dimension, from'],
    ['ask', { question: 'leaving' }, 'question is "leaving"; allowed: exits'],
    ['ask', { question: 'exits', from: 3 }, 'from is 3; allowed: a text such as "2026-01-31"'],
    ['erase', {}, 'there is no tool "erase"'],
  ])('that calls %s with %j is told what is allowed', async (name, given, message) => {
    const { call, hangUp } = await assistant();
    expect(await call(name, given)).toEqual({ isError: true, text: expect.stringContaining(message) });
    await hangUp();
  });

  it('asks saved questions over a range, and writes no SQL', async () => {
    const asked: unknown[] = [];
    const { call, hangUp } = await assistant(async (...given) => {
      asked.push(given);
      return '[{"page":"/"}]';
    });
    expect(await call('ask', { question: 'exits', from: '2026-03-01' })).toEqual({
      isError: false,
      text: '[{"page":"/"}]',
    });
    expect(asked).toEqual([[questions[0], { from: '2026-03-01', to: undefined }]]);
    await hangUp();
  });

  it('gets what it has asked for, even if it has hung up meanwhile', async () => {
    let answer: (text: string) => void = () => {};
    const { call, hangUp } = await assistant(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    const called = call('ask', { question: 'exits' });
    await new Promise(setImmediate);
    const ended = hangUp();
    answer('[]');
    expect(await called).toEqual({ isError: false, text: '[]' });
    await ended;
  });
});
