import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionSpec } from '../../../local/deployment';
import type { Invocation } from '../../../local/function-runtime/lambda-function';
import {
  type FunctionOptions,
  type RunningFunction,
  startFunction,
} from '../../../local/function-runtime/start-function';

const folder = mkdtempSync(join(tmpdir(), 'function-runtime-'));
const running: RunningFunction[] = [];
let functions = 0;

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a function whose `index.js` is the given source. */
function start(
  source: string,
  overrides: Partial<FunctionSpec> = {},
  options: Partial<FunctionOptions> = {},
) {
  functions += 1;
  const assetPath = join(folder, `asset-${functions}`);
  mkdirSync(assetPath);
  writeFileSync(join(assetPath, 'index.js'), source);
  const logFile = join(folder, 'logs', `${functions}.log`);
  const started = startFunction(
    {
      name: 'clicks-counter',
      arn: 'arn:aws:lambda:us-east-1:000000000000:function:clicks-counter',
      roleArn: 'arn:aws:iam::000000000000:role/counter',
      assetPath,
      handler: 'index.handler',
      environment: {},
      timeoutSeconds: 7,
      memoryMiB: 256,
      ...overrides,
    },
    { region: 'us-east-1', logFile, ...options },
  );
  running.push(started);
  return { invoke: (event: unknown = {}) => started.invoke(JSON.stringify(event)), logFile, started };
}

const payloadOf = (invocation: Invocation): unknown => {
  if (invocation.kind === 'failed') throw new Error(`${invocation.errorType}: ${invocation.errorMessage}`);
  return invocation.payload;
};

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

describe('a function that answers', () => {
  it('gets the event and its answer comes back with its size', async () => {
    const { invoke } = start('exports.handler = async (event) => ({ heard: event.word })');
    expect(await invoke({ word: 'Café ☕' })).toEqual({
      kind: 'returned',
      payload: { heard: 'Café ☕' },
      payloadBytes: Buffer.byteLength('{"heard":"Café ☕"}'),
    });
  });

  it('answers null when it returns nothing', async () => {
    const { invoke } = start('exports.handler = async () => {}');
    expect(await invoke()).toEqual({ kind: 'returned', payload: null, payloadBytes: 4 });
  });

  it('may be an ES module in a folder', async () => {
    const { invoke, started } = start('', { handler: 'src/main.run' });
    expect(started.name).toBe('clicks-counter');
    const assetPath = join(folder, `asset-${functions}`);
    mkdirSync(join(assetPath, 'src'));
    writeFileSync(join(assetPath, 'src', 'main.mjs'), 'export const run = async () => "module"');
    expect(payloadOf(await invoke())).toBe('module');
  });

  it('sees the context that Lambda gives', async () => {
    const { invoke } = start(
      `exports.handler = async (event, context) => ({ ...context, remaining: context.getRemainingTimeInMillis() })`,
      { timeoutSeconds: 5, memoryMiB: 192 },
    );
    const context = payloadOf(await invoke()) as Record<string, unknown>;
    expect(context).toMatchObject({
      awsRequestId: expect.stringMatching(uuid),
      functionName: 'clicks-counter',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:clicks-counter',
      memoryLimitInMB: '192',
      logGroupName: '/aws/lambda/clicks-counter',
    });
    expect(context.remaining).toBeGreaterThan(4_000);
    expect(context.remaining).toBeLessThanOrEqual(5_000);
  });

  it('sees the environment of the template, of the laptop and of Lambda, and nothing of the shell', async () => {
    process.env.SECRET_OF_THE_SHELL = 'hidden';
    const { invoke } = start(
      'exports.handler = async () => ({ ...process.env, warnings: process.execArgv, titled: process.title })',
      {
        environment: {
          TABLE_NAME: 'counters',
          AWS_REGION: 'mars-1',
          NODE_OPTIONS: '--title=titled-by-template',
        },
        memoryMiB: 200,
      },
      { environment: { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' } },
    );
    const seen = payloadOf(await invoke()) as Record<string, string>;
    delete process.env.SECRET_OF_THE_SHELL;
    expect(seen).toMatchObject({
      TABLE_NAME: 'counters',
      AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'clicks-counter',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '200',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/clicks-counter',
      _HANDLER: 'index.handler',
      LAMBDA_TASK_ROOT: join(folder, `asset-${functions}`),
      AWS_EXECUTION_ENV: expect.stringMatching(/^AWS_Lambda_nodejs\d+\.x$/),
      titled: 'titled-by-template',
    });
    expect(seen).not.toHaveProperty('SECRET_OF_THE_SHELL');
    expect(seen).not.toHaveProperty('HOME');
  });

  it('keeps its process warm', async () => {
    const { invoke } = start('let n = 0; exports.handler = async () => [process.pid, ++n]');
    const [[firstPid, first], [secondPid, second]] = [
      payloadOf(await invoke()),
      payloadOf(await invoke()),
    ] as [[number, number], [number, number]];
    expect([first, second]).toEqual([1, 2]);
    expect(secondPid).toBe(firstPid);
  });

  it('has a process of its own for each concurrent invocation', async () => {
    const { invoke } = start(
      'exports.handler = () => new Promise((resolve) => setTimeout(() => resolve(process.pid), 300))',
    );
    const pids = (await Promise.all([invoke(), invoke(), invoke()])).map(payloadOf);
    expect(new Set(pids).size).toBe(3);
    expect(pids).toContain(payloadOf(await invoke()));
  });

  it('takes an event and gives an answer of megabytes', async () => {
    const { invoke } = start('exports.handler = async (event) => event.text');
    const text = 'x'.repeat(6 * 1024 * 1024 - 50);
    expect(payloadOf(await invoke({ text }))).toBe(text);
  });

  it('prints to its log file only', async () => {
    const { invoke, logFile } = start(
      `exports.handler = async () => { console.log('{"level":"INFO"}'); console.error('oh') }`,
    );
    await invoke();
    await invoke();
    expect(readFileSync(logFile, 'utf8')).toBe('{"level":"INFO"}\noh\n{"level":"INFO"}\noh\n');
  });
});

describe('a function that fails', () => {
  it('by throwing: the error comes back, its stack is logged, the process goes on', async () => {
    const { invoke, logFile } = start(
      'exports.handler = async (event) => { if (event.bad) throw new RangeError("too far"); return process.pid }',
    );
    const pid = payloadOf(await invoke());
    expect(await invoke({ bad: true })).toEqual({
      kind: 'failed',
      errorType: 'RangeError',
      errorMessage: 'too far',
    });
    expect(payloadOf(await invoke())).toBe(pid);
    expect(readFileSync(logFile, 'utf8')).toContain('index.js:1');
  });

  it('by running out of time: the process is killed and the next invocation gets a new one', async () => {
    const { invoke } = start(
      'exports.handler = async (event) => { if (event.loop) for (;;); return process.pid }',
      { timeoutSeconds: 1 },
    );
    const pid = payloadOf(await invoke()) as number;
    expect(await invoke({ loop: true })).toEqual({
      kind: 'failed',
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(
        new RegExp(`^RequestId: ${uuid.source} Error: Task timed out after 1\\.00 seconds$`),
      ),
    });
    expect(isAlive(pid)).toBe(false);
    expect(payloadOf(await invoke())).not.toBe(pid);
  });

  it('by using more memory than it has', async () => {
    const { invoke } = start(
      `exports.handler = async () => {
        const kept = [];
        for (;;) { kept.push(Buffer.alloc(8 << 20, 1)); await new Promise((r) => setTimeout(r, 5)) }
      }`,
      { memoryMiB: 160 },
    );
    expect(await invoke()).toEqual({
      kind: 'failed',
      errorType: 'Runtime.OutOfMemory',
      errorMessage: expect.stringMatching(
        new RegExp(`^RequestId: ${uuid.source} Error: Runtime exited with error: signal: killed$`),
      ),
    });
  });

  it('by filling the heap without ever letting go of the processor', async () => {
    const { invoke } = start(
      'exports.handler = async () => { const kept = []; for (;;) kept.push({ a: [kept.length] }) }',
      { memoryMiB: 128 },
    );
    expect(await invoke()).toMatchObject({
      kind: 'failed',
      errorType: expect.stringMatching(/^Runtime\.(OutOfMemory|ExitError)$/),
      errorMessage: expect.stringMatching(/Runtime exited with error: signal: (killed|aborted)$/),
    });
  });

  it.each([
    ['process.exit(3)', 'Runtime.ExitError', /Runtime exited with error: exit status 3$/],
    ['process.exit(0)', 'Runtime.ExitError', /Runtime exited without providing a reason$/],
    [
      'process.kill(process.pid, "SIGKILL")',
      'Runtime.ExitError',
      /Runtime exited with error: signal: killed$/,
    ],
    ['Promise.reject(new Error("lost"))', 'Runtime.UnhandledPromiseRejection', /^Error: lost$/],
    ['setImmediate(() => { throw new TypeError("late") })', 'TypeError', /^late$/],
  ])('by dying of %s, and the next invocation gets a new process', async (fatal, errorType, errorMessage) => {
    const { invoke } = start(
      `exports.handler = async (event) => {
        if (!event.die) return process.pid;
        ${fatal};
        await new Promise((resolve) => setTimeout(resolve, 5000));
      }`,
    );
    const pid = payloadOf(await invoke());
    expect(await invoke({ die: true })).toEqual({
      kind: 'failed',
      errorType,
      errorMessage: expect.stringMatching(errorMessage),
    });
    expect(payloadOf(await invoke())).not.toBe(pid);
  });

  it.each([
    ['a circular answer', 'const a = {}; a.a = a; return a'],
    ['a BigInt', 'return 1n'],
  ])('by answering what is not JSON: %s', async (_case, body) => {
    const { invoke } = start(`exports.handler = async () => { ${body} }`);
    expect(await invoke()).toMatchObject({
      kind: 'failed',
      errorMessage: 'Unable to stringify response body',
    });
  });

  it('by answering more than 6 MB', async () => {
    const { invoke } = start('exports.handler = async (event) => "é".repeat(event.characters)');
    expect(payloadOf(await invoke({ characters: (6_291_556 - 2) / 2 }))).toHaveLength((6_291_556 - 2) / 2);
    expect(await invoke({ characters: 6_291_556 / 2 })).toEqual({
      kind: 'failed',
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  });

  it.each([
    ['exports.other = 1', 'Runtime.HandlerNotFound'],
    ['exports.handler = {', 'Runtime.UserCodeSyntaxError'],
    ['require("not-bundled")', 'Runtime.ImportModuleError'],
    ['throw new RangeError("at load")', 'RangeError'],
    ['exports.handler = (event, context, callback) => callback()', 'Runtime.CallbackHandlerDeprecated'],
  ])('by not loading: %s', async (source, errorType) => {
    const { invoke } = start(source);
    expect(await invoke()).toMatchObject({ kind: 'failed', errorType });
    expect(await invoke()).toMatchObject({ kind: 'failed', errorType });
  });

  it('is not even invoked with an event over 6 MB', async () => {
    const { started } = start('exports.handler = async () => 1');
    const event = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`;
    expect(await started.invoke(event(6 * 1024 * 1024 + 1))).toMatchObject({
      kind: 'failed',
      errorType: 'RequestTooLargeException',
    });
    expect(payloadOf(await started.invoke(event(6 * 1024 * 1024)))).toBe(1);
  });
});

describe('closing', () => {
  it('ends processes in mid-invocation, which is no failure of the function', async () => {
    const { invoke, started } = start(
      'exports.handler = async (event) => event.hang ? new Promise(() => setInterval(() => {}, 1000)) : process.pid',
    );
    const pid = payloadOf(await invoke()) as number;
    const cut = invoke({ hang: true });
    const outcome = expect(cut).rejects.toThrow('clicks-counter was closed in mid-invocation');
    await started.close();
    await outcome;
    expect(isAlive(pid)).toBe(false);
    await expect(invoke()).rejects.toThrow('clicks-counter is closed');
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
