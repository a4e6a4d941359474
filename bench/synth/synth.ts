import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isDeepStrictEqual, promisify } from 'node:util';
import { parseOptions } from '../../cli/arguments';
import { nodeArguments } from '../../cli/node-arguments';
import { functionBundling } from '../../lib/function-bundling';
import { type Column, type Contender, compare, type Result, resultTable } from '../compare';
import { commonOptions, report } from '../report';

const repository = functionBundling.absWorkingDir;

const synthColumns: readonly Column[] = [
  { head: 'CPU s', figure: 'cpuSeconds', places: 2 },
  { head: 's', figure: 'seconds', places: 2 },
  { head: 'CPU × template’s', figure: 'cpuSeconds', places: 2, peer: 'template' },
  { head: 's × template’s', figure: 'seconds', places: 2, peer: 'template' },
  { head: 'CPU × floor’s', figure: 'cpuSeconds', places: 2, peer: 'bare' },
];
const templateColumns: readonly Column[] = [
  { head: 'import, CPU ms', figure: 'importing', places: 0 },
  { head: 'template, CPU ms', figure: 'making', places: 0 },
  { head: 'template × floor’s', figure: 'making', places: 1, peer: 'bare' },
];

/**
 * Measures `cdk synth` beside the CLI template's command and a bare app, and the first template in a test.
 *
 * @param args `--json`; `--short`: without CDK's validation
 */
export async function benchmarkSynth(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  // The first run leaves for the next ones what they find.
  const rounds = values.short ? { warmUps: 0, rounds: 1 } : { warmUps: 1, rounds: 5 };
  const folder = await mkdtemp(join(tmpdir(), 'synth-'));
  const one = () => undefined;
  try {
    const commands = synthesizers(folder, values.short ? { CDK_VALIDATION: 'false' } : {});
    const synths = await compare(commands, synthColumns, rounds, one);
    const templates = await compare(firstTemplates, templateColumns, rounds, one);
    report(
      values,
      { rounds: rounds.rounds, synths, templates },
      () => textOf(rounds.rounds, synths, templates),
      [...synths, ...templates],
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

function textOf(rounds: number, synths: readonly Result[], templates: readonly Result[]): string {
  return [
    `${rounds} runs each; CPU time of all processes of a command`,
    resultTable(synths, synthColumns),
    'the first `Template.fromStack` of a process',
    resultTable(templates, templateColumns),
  ].join('\n\n');
}

type Environment = Readonly<Record<string, string>>;

/** @param folder where each keeps what its runs leave to later ones */
function synthesizers(folder: string, environment: Environment): Contender<undefined>[] {
  let expected: readonly string[] | undefined;
  const isRight = (templates: readonly string[], isBare: boolean): boolean => {
    if (isBare) return templates.length === 2;
    expected ??= templates;
    return templates.length === 3 && isDeepStrictEqual(templates, expected);
  };
  const contender = (name: string, what: string, app: string): Contender<undefined> => ({
    ...{ name, what },
    turn: async () => {
      const { templates, ...figures } = await synthesize(app, join(folder, name), environment);
      return { right: isRight(templates, name === 'bare'), figures };
    },
  });
  return [
    contender('project', 'this project’s command', 'node --import ./cli/typescript.mjs bin/app.ts'),
    // What `cdk init app --language typescript` writes into `cdk.json` (aws-cdk 2.1148.1).
    contender('template', 'the CLI template’s command', 'npx tsc && npx tsx bin/app.ts'),
    contender('template-unchecked', 'the same without its type check', 'npx tsx bin/app.ts'),
    contender(
      'bare',
      'the floor: two bare stacks',
      'node --import ./cli/typescript.mjs bench/synth/bare-app.ts',
    ),
  ];
}

// Node knows its own CPU time only; a POSIX shell's `times` prints that of the children that it waited for, and theirs.
const script = '"$@" >&2; code=$?; times; exit $code';

/** `cdk synth` of the pinned CLI, without notices and telemetry, so that nothing waits for a network. */
async function synthesize(app: string, folder: string, environment: Environment) {
  // tsx keeps compiled files in the temporary folder, the CLI its cache in its home.
  const [temporary, home, output] = ['tmp', 'home', 'out'].map((part) => join(folder, part));
  await Promise.all([mkdir(temporary!, { recursive: true }), mkdir(home!, { recursive: true })]);
  const cli = join(repository, 'node_modules/aws-cdk/bin/cdk');
  const synth = ['synth', '--quiet', '--no-notices', '--output', output!, '--app', app];
  const startedAt = performance.now();
  const shell = spawn('sh', ['-c', script, 'sh', process.execPath, cli, ...synth], {
    cwd: repository,
    env: {
      ...{ ...process.env, ...environment },
      ...{ TMPDIR: temporary, CDK_HOME: home, CDK_DISABLE_CLI_TELEMETRY: 'true' },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(shell, 'close') as Promise<[number | null]>;
  const [times, printed] = await Promise.all([text(shell.stdout), text(shell.stderr)]);
  const [code] = await closed;
  const seconds = (performance.now() - startedAt) / 1_000;
  if (code !== 0) throw new Error(`cdk synth of ${app} ended with ${code}:\n${printed}`);
  const files = (await readdir(output!)).filter((file) => file.endsWith('.template.json')).sort();
  const templates = await Promise.all(files.map((file) => readFile(join(output!, file), 'utf8')));
  return { cpuSeconds: childrenSeconds(times), seconds, templates };
}

/** Of `times`: a line of user and system time for the shell, then one for its children, as `0m1.23s 0m0.45s`. */
function childrenSeconds(times: string): number {
  const parts = [...(times.trim().split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)];
  if (parts.length !== 2) throw new Error(`no times of the children in "${times}"`);
  return parts.reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

const firstTemplates: readonly Contender<undefined>[] = [
  firstTemplate('tests', 'as the tests do it'),
  firstTemplate('bare', 'the floor: two bare stacks, as the tests do it'),
];

/** The first `Template.fromStack` of a new process, and the imports before it. */
function firstTemplate(name: string, what: string): Contender<undefined> {
  const args = [...nodeArguments, join(__dirname, 'first-template.ts'), name];
  return {
    ...{ name, what },
    turn: async () => {
      const env = { ...process.env, CDK_VALIDATION: 'false' };
      const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: repository, env });
      const { resources, ...figures } = JSON.parse(stdout);
      return { right: name === 'bare' ? resources === 1 : resources > 5, figures };
    },
  };
}
