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
  try {
    return parseArgs({
      args: withLocalDirectory(args),
      options,
      strict: true,
      allowPositionals: false,
    } satisfies ParseArgsConfig).values;
  } catch (error) {
    if (!types.isNativeError(error) || !stringOf(error, 'code').startsWith('ERR_PARSE_ARGS_')) throw error;
    // `parseArgs` adds advice on positional arguments, of which there are none here.
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
