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
  try {
    return parseArgs({
      args: withLocalDirectory(args),
      options,
      strict: true,
      allowPositionals: false,
    } satisfies ParseArgsConfig).values;
  } catch (error) {
    // `parseArgs` adds advice on positional arguments, of which there are none here.
    if (error instanceof TypeError)
      throw new SetupError(error.message.split('. To specify')[0]!, { cause: error });
    throw error;
  }
}

function withLocalDirectory(args: readonly string[]): string[] {
  return args.map((arg, index) => {
    if (arg !== '--local') return arg;
    const next = args[index + 1];
    return next === undefined || next.startsWith('-') ? '--local=.local' : arg;
  });
}
