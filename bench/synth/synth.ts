import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseOptions } from '../../cli/arguments';
import { markdownTable } from '../markdown-table';
import { commonOptions, mustBeRight, printResult } from '../report';
import { inSeconds, ratio, type Spread, spread, spreadText } from '../spread';
import { type Rounds, takeTurns } from '../take-turns';
import { type Contender, contenders, templateOf } from './contenders';
import { firstTemplate, templateContenders } from './first-template';
import { type Synthesis, synthesis } from './synthesis';

interface SynthResult {
  readonly name: string;
  readonly what: string;
  /** Every run wrote the templates that it should. */
  readonly right: boolean;
  /** Milliseconds: of CPU time, of all its processes; and those that passed. */
  readonly cpuMs: Spread;
  readonly ms: Spread;
  /** Compared with the CLI template's command. */
  readonly cpuTimesTemplate: Spread;
  readonly timesTemplate: Spread;
}

interface TemplateResult {
  readonly name: string;
  readonly what: string;
  /** A template with as many resources as it should have. */
  readonly right: boolean;
  readonly importing: Spread;
  readonly first: Spread;
  /** Both together: CPU time, and what passed. */
  readonly bothCpu: Spread;
  readonly both: Spread;
}

// The first run leaves for the warm ones what they find.
const full: Rounds = { warmUps: 1, rounds: 5 };
const short: Rounds = { warmUps: 0, rounds: 1 };
async function measureSynth(running: readonly Contender[], rounds: Rounds): Promise<SynthResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'synth-'));
  const turns = await takeTurns(running, rounds, (contender) => synthesis(contender, folder)).finally(() =>
    rm(folder, { recursive: true }),
  );
  const of = (name: string, read: (turn: Synthesis) => number) => turns.get(name)!.map(read);
  const cpu = ({ cpuMs }: Synthesis) => cpuMs;
  const passed = ({ ms }: Synthesis) => ms;
  const ours = running.find(({ stacks }) => stacks === 'pipeline')!;
  const pipeline = turns.get(ours.name)![0]!.templates;
  return running.map((contender) => {
    const { name, what, stacks } = contender;
    const isRight = ({ templates }: Synthesis) =>
      stacks === 'bare'
        ? isDeepStrictEqual(Object.keys(templates), ['first', 'second'])
        : Object.keys(templates).length === 3 && isDeepStrictEqual(templates, pipeline);
    return {
      name,
      what,
      right: turns.get(name)!.every(isRight),
      cpuMs: spread(of(name, cpu)),
      ms: spread(of(name, passed)),
      cpuTimesTemplate: ratio(of(name, cpu), of(templateOf(contender), cpu)),
      timesTemplate: ratio(of(name, passed), of(templateOf(contender), passed)),
    };
  });
}

async function measureTemplates(rounds: Rounds): Promise<TemplateResult[]> {
  const turns = await takeTurns(templateContenders, rounds, firstTemplate);
  const resources = turns.get('defaults')![0]!.resources;
  return templateContenders.map(({ name, what }) => {
    const own = turns.get(name)!;
    return {
      name,
      what,
      right: own.every((turn) => turn.resources === (name === 'bare' ? 1 : resources)),
      importing: spread(own.map(({ importing }) => importing.cpuMs)),
      first: spread(own.map(({ first }) => first.cpuMs)),
      bothCpu: spread(own.map(({ importing, first }) => importing.cpuMs + first.cpuMs)),
      both: spread(own.map(({ importing, first }) => importing.ms + first.ms)),
    };
  });
}

/**
 * Measures `cdk synth` beside the CLI template's command and a bare app, and the first template in a test.
 *
 * @param args `--json`; `--short`: to see that it works, not how fast: cold only, without validation
 */
export async function benchmarkSynth(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, commonOptions);
  const rounds = values.short ? short : full;
  const running = values.short
    ? contenders
        .filter(({ cold }) => cold)
        .map((contender) => ({ ...contender, environment: { CDK_VALIDATION: 'false' } }))
    : contenders;
  const synths = await measureSynth(running, rounds);
  const templates = await measureTemplates(rounds);
  printResult(values, { rounds: rounds.rounds, synths, templates }, () =>
    [
      `${rounds.rounds} runs each; seconds, CPU time of all processes of a command`,
      synthTable(synths),
      'the first `Template.fromStack` of a process, milliseconds',
      templateTable(templates),
    ].join('\n\n'),
  );
  mustBeRight([...synths, ...templates]);
}

function synthTable(results: readonly SynthResult[]): string {
  return markdownTable(
    ['`cdk synth`', 'CPU s', 's', 'CPU × template’s', 's × template’s', 'right'],
    results.map(({ what, cpuMs, ms, cpuTimesTemplate, timesTemplate, right }) => [
      what,
      spreadText(inSeconds(cpuMs), 2),
      spreadText(inSeconds(ms), 2),
      cpuTimesTemplate.median.toFixed(2),
      timesTemplate.median.toFixed(2),
      right ? 'yes' : 'NO',
    ]),
  );
}

function templateTable(results: readonly TemplateResult[]): string {
  return markdownTable(
    ['', 'import, CPU', 'template, CPU', 'both, CPU', 'both, passed', 'right'],
    results.map(({ what, importing, first, bothCpu, both, right }) => [
      what,
      ...[importing, first, bothCpu, both].map((taken) => spreadText(taken, 0)),
      right ? 'yes' : 'NO',
    ]),
  );
}
