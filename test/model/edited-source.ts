import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';

/** A change of the product's source. */
export interface Edit {
  /** Path from the root of the repository. */
  readonly file: string;
  /** The function, method, class or constant that holds the text. */
  readonly within: string;
  /** Text that it holds exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Imports that the new text needs. */
  readonly imports?: string;
}

const root = join(__dirname, '..', '..');

/**
 * What a module exports once some of the product's source is changed, built in memory.
 *
 * @param entry path of the module from the root of the repository
 * @throws Error if the text to change is not there exactly once: the source has moved on, and the edit has to follow
 */
export async function builtWith<Exports>(entry: string, edits: readonly Edit[]): Promise<Exports> {
  const applied = new Set<Edit>();
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    packages: 'external',
    logLevel: 'silent',
    plugins: [
      {
        name: 'edits',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            const file = relative(root, path);
            const ofFile = edits.filter((edit) => edit.file === file);
            for (const edit of ofFile) applied.add(edit);
            return { contents: ofFile.reduce(apply, readFileSync(path, 'utf8')), loader: 'ts' };
          });
        },
      },
    ],
  });
  for (const edit of edits) {
    if (!applied.has(edit)) throw new Error(`${edit.file}: is no part of ${entry}`);
  }
  const built = { exports: {} as Exports };
  new Function('module', 'exports', 'require', outputFiles[0]!.text)(built, built.exports, require);
  return built.exports;
}

function apply(source: string, { file, within, find, replace, imports = '' }: Edit): string {
  const places = new Set<number>();
  for (const { start, end } of definitionsOf(source, within)) {
    for (let at = source.indexOf(find, start); at >= 0 && at < end; at = source.indexOf(find, at + 1))
      places.add(at);
  }
  const [place] = places;
  if (place === undefined || places.size > 1) {
    throw new Error(`${file}: ${within} has "${find}" ${places.size} times; must be once`);
  }
  return imports + source.slice(0, place) + replace + source.slice(place + find.length);
}

/** Where something of a name is defined: from the line that names it to the one that ends it, by their indentation. */
function* definitionsOf(
  source: string,
  name: string,
): Generator<{ readonly start: number; readonly end: number }> {
  const word = '(?:export |async |private |readonly |function\\*? |class |const |get )*\\*?';
  const heads = source.matchAll(new RegExp(`^( *)${word}${name}\\b ?[(<:={]`, 'gm'));
  for (const { index, 1: indentation } of heads) {
    const firstLineEnds = source.indexOf('\n', index);
    const tail = new RegExp(`^${indentation}[}\\])][^{(\\n]*$`, 'm').exec(source.slice(firstLineEnds));
    yield { start: index, end: tail ? firstLineEnds + tail.index : source.length };
  }
}
