import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs } from 'node:util';
import { SetupError } from './setup-error';

/**
 * Parses arguments strictly: an unknown option, a missing value or a stray word is a `SetupError` that names it.
 * `--local` takes a directory or none, which `parseArgs` does not know: `.local` is filled in.
 */
export function parseOptions<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  return parse(args, options, false).values;
}

/** As `parseOptions`, for commands that take words beside options. `--local` takes the word behind it, if there is one. */
export function parseWordsAndOptions<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
) {
  return parse(args, options, true);
}

function parse<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  allowPositionals: boolean,
) {
  const given = withLocalDirectory(args);
  refuseUnfit(given, options, allowPositionals);
  return parseArgs({ args: given, options, strict: true, allowPositionals } satisfies ParseArgsConfig);
}

/** In plain words what `parseArgs` would say in those of its own. */
function refuseUnfit(args: string[], options: ParseArgsOptionsConfig, allowPositionals: boolean): void {
  const { tokens } = parseArgs({ args, options, strict: false, allowPositionals: true, tokens: true });
  for (const token of tokens) {
    if (token.kind === 'positional' && !allowPositionals)
      throw new SetupError(
        `"${token.value}" belongs to no option; options stand behind one "--" (npm start -- --rate 5), and text with blanks in quotes`,
      );
    if (token.kind !== 'option') continue;
    const { rawName, name, value, inlineValue } = token;
    const option = options[name];
    if (!option) throw new SetupError(`${rawName} is no option here; --help lists those there are`);
    if (option.type === 'boolean') {
      if (value !== undefined) throw new SetupError(`--${name} takes no value, and was given "${value}"`);
    } else if (value === undefined || (!inlineValue && value.length > 1 && value.startsWith('-'))) {
      const written =
        value === undefined ? '' : `; one that begins with a hyphen is written --${name}=${value}`;
      throw new SetupError(`--${name} needs a value${written}`);
    }
  }
}

function withLocalDirectory(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    if (arg !== '--local') return arg;
    const next = args[index + 1];
    return next === undefined || next.startsWith('-') ? '--local=.local' : arg;
  });
}
