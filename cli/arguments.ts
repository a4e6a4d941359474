import { type ParseArgsConfig, type ParseArgsOptionsConfig, parseArgs, types } from 'node:util';
import { stringOf } from './explain-aws-error';
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
  try {
    return parseArgs({
      args: withLocalDirectory(args),
      options,
      strict: true,
      allowPositionals,
    } satisfies ParseArgsConfig);
  } catch (error) {
    if (!types.isNativeError(error) || !stringOf(error, 'code').startsWith('ERR_PARSE_ARGS_')) throw error;
    // `parseArgs` adds advice on words that start with a hyphen.
    throw new SetupError(error.message.split('. To specify')[0]!, { cause: error });
  }
}

function withLocalDirectory(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    if (arg !== '--local') return arg;
    const next = args[index + 1];
    return next === undefined || next.startsWith('-') ? '--local=.local' : arg;
  });
}
