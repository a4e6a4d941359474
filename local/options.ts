import type { ParseArgsOptionsConfig } from 'node:util';
import { parseOptions } from '../cli/arguments';
import { parseContext } from '../cli/context';
import { portOption } from '../cli/option-values';
import { SetupError } from '../cli/setup-error';
import { parseTraffic, type Traffic, trafficOptions } from '../producer/command/options';
import { profiles } from './fault-injection/profiles';

export interface LocalOptions {
  /** Undefined: nothing is produced here. */
  readonly traffic: Traffic | undefined;
  /** Stop once all that was accepted is aggregated and archived, and say whether everything agrees. */
  readonly exit: boolean;
  /** How it stands as a line of JSON each second on standard output. */
  readonly jsonLines: boolean;
  readonly dataDir: string;
  /** Begin with an empty stream, table and archive. */
  readonly fresh: boolean;
  /** Context for the CDK app, the stage among it. */
  readonly context: Readonly<Record<string, string>>;
  /** First of the seven ports that the services take; 0 lets each take any free one. */
  readonly port: number;
  /** A profile of faults, by name or file, and the seed that decides on them; any seed if none is given. */
  readonly chaos?: { readonly profile: string; readonly seed: string | undefined };
}

export type LocalCommand = { readonly kind: 'help' } | ({ readonly kind: 'run' } & LocalOptions);

/** Events a second of the producer that runs if none was asked for: something to see, and nothing to heat the room. */
const gentlePerSecond = 5;
const defaultPort = 4580;
const highestBasePort = 65_529;

const options = {
  ...trafficOptions,
  'no-producer': { type: 'boolean' },
  exit: { type: 'boolean' },
  'json-lines': { type: 'boolean' },
  'data-dir': { type: 'string' },
  fresh: { type: 'boolean' },
  stage: { type: 'string' },
  context: { type: 'string', short: 'c', multiple: true },
  port: { type: 'string' },
  chaos: { type: 'string' },
  'chaos-seed': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

/** Reads the arguments of `npm start`. Throws a `SetupError` that names the option, its value and what is allowed. */
export function parseLocalCommand(args: readonly string[]): LocalCommand {
  const values = parseOptions(args, options);
  if (values.help) return { kind: 'help' };
  const traffic = values['no-producer'] ? undefined : parseTraffic(values, gentlePerSecond);
  if (values['no-producer']) {
    const unused = Object.keys(trafficOptions).find(
      (name) => values[name as keyof typeof trafficOptions] !== undefined,
    );
    if (unused !== undefined)
      throw new SetupError(`--${unused} is for the producer, which --no-producer leaves out`);
  }
  if (values['data-dir'] === '') throw new SetupError('--data-dir is empty; allowed: a folder');
  const exit = values.exit ?? false;
  if (
    exit &&
    traffic?.input.kind === 'synthetic' &&
    traffic.count === undefined &&
    traffic.durationMs === undefined
  ) {
    throw new SetupError('--exit needs an end: give --count, --duration, --input or --no-producer');
  }
  const { chaos, 'chaos-seed': seed } = values;
  if (seed !== undefined && chaos === undefined)
    throw new SetupError('--chaos-seed is for --chaos, which is missing');
  return {
    kind: 'run',
    traffic,
    exit,
    jsonLines: values['json-lines'] ?? false,
    dataDir: values['data-dir'] ?? '.local',
    fresh: values.fresh ?? false,
    context: parseContext(values.context ?? [], values.stage),
    port: portOption(values.port, highestBasePort, 'seven ports are taken from it on') ?? defaultPort,
    ...(chaos === undefined ? {} : { chaos: { profile: chaos, seed } }),
  };
}

/** Names in lines of at most `width` columns, from a column on. */
function wrapped(names: readonly string[], column: number, width: number): string {
  const lines: string[] = [];
  for (const name of names) {
    const line = lines.at(-1);
    if (line !== undefined && column + line.length + name.length + 3 <= width) {
      lines[lines.length - 1] = `${line}, ${name}`;
    } else lines.push(name);
  }
  return lines.map((line) => ' '.repeat(column) + line).join(',\n');
}

export const help = `Usage: npm start -- [options]

Runs the whole pipeline on this machine, from the synthesized templates, until Ctrl-C.

  npm start                                              a few generated clicks a second
  npm start -- --rate 200                                200 a second
  npm start -- --input access.log --format combined      a web server's log, at its own times
  npm start -- --fresh --count 10000 --max --exit        from nothing, and stop when all agrees

What is produced (as npm run produce has it)
  --rate N | --max, --count N, --duration S, --seed S
  --input FILE|-, --format F, --time original|now|replay, and the rest of docs/traffic.md
  --no-producer             nothing; produce with: npm run produce -- --local

How it runs
  --exit                    stop once all that was accepted is aggregated and archived; the last line on
                            standard output is one JSON object, and the exit code is 0 only if all agrees
  --json-lines              how it stands, as a line of JSON each second on standard output (docs/laptop.md)
  --data-dir DIR            where the state is kept (.local); it survives every end, also kill -9
  --fresh                   begin with an empty stream, table and archive
  --stage dev|prod          the stage whose templates are run, with its config/<stage>.json (dev)
  -c, --context NAME=VALUE  another setting of the app, as cdk deploy takes it
  --port N                  the first of seven ports (${defaultPort}); 0 takes any
  --chaos PROFILE|FILE      inject faults (docs/chaos.md): a JSON file, or by name
${wrapped(Object.keys(profiles), 28, 110)}
  --chaos-seed S            repeat the decisions of another run
  -h, --help

Ctrl-C stops the producer, delivers what is buffered, and ends. State stays for the next start.
Exit code: 0 all well, 1 something disagrees or failed, 2 wrong options, 130 after a second Ctrl-C.
`;
