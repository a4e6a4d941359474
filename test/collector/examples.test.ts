import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { answerEvent } from '../../lambda/collector/answer-event';
import type { CollectorSettings } from '../../lambda/collector/environment';
import { createRateLimit } from '../../lambda/collector/rate-limit';
import { type ServedFunctionUrl, serveFunctionUrl } from '../../local/function-url/serve-function-url';

const page = readFileSync(join(__dirname, '../../docs/collector.md'), 'utf8');
const examples = [...page.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
const exampleIn = (language: string, with_: string): string =>
  examples.find(([, name, code]) => name === language && code!.includes(with_))![2]!;

const settings: CollectorSettings = {
  streamName: 'clicks',
  saltTableName: 'salts',
  origins: new Set(),
  visitorIds: 'hashed',
  privacyControl: 'respected',
  eventsPerMinute: 0,
  cloudFront: 'off',
  cloudFrontProof: undefined,
};

let served: ServedFunctionUrl;
let put: Record<string, unknown>[];
beforeAll(async () => {
  const invoke = async (eventJson: string) => {
    const payload = await answerEvent(JSON.parse(eventJson), settings, {
      files: new Map(),
      salts: { today: async () => Buffer.from('salt'), forgetPast: async () => {} },
      rateLimit: createRateLimit(0, Date.now),
      put: async (records) => {
        for (const { data } of records) put.push(JSON.parse(Buffer.from(data).toString()));
        return { kind: 'accepted' };
      },
      now: Date.now,
      log: () => {},
    });
    return { kind: 'returned', payload, payloadBytes: 0 } as const;
  };
  served = await serveFunctionUrl({ port: 0, target: { invoke }, site: new Map(), onAnswered: () => {} });
});
afterAll(() => served.close());
beforeEach(() => {
  put = [];
});

function isHere(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Skipped where the language is not at hand. */
const where = (command: string) => (isHere(command) ? it : it.skip);

async function run(command: string, args: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, COLLECTOR: served.address };
  return (await promisify(execFile)(command, [...args], { env })).stdout;
}

describe('The example of the documents', () => {
  where('curl')('in curl sends an event', async () => {
    expect(await run('sh', ['-c', exampleIn('sh', 'curl -i')])).toContain('204 No Content');
    expect(put).toMatchObject([{ eventId: 'curl-1', type: 'order', page: '/checkout' }]);
  });

  where('python3')('in Python sends an event', async () => {
    expect(await run('python3', ['-c', exampleIn('python', 'urllib')])).toBe('204\n');
    expect(put).toMatchObject([
      { type: 'order', page: '/checkout', userAgent: expect.stringMatching(/^Python/) },
    ]);
  });

  it('of a body has the fields of one', () => {
    const body = JSON.parse(exampleIn('json', 'sentAt'));
    expect(Object.keys(body)).toEqual(['sentAt', 'events']);
  });
});
