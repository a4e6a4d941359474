import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';

/** A change of the product's source. */
export interface Edit {
  /** Path from the root of the repository. */
  readonly file: string;
  /** Text that the file holds exactly once. */
  readonly find: string;
  readonly replace: string;
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

function apply(source: string, { file, find, replace }: Edit): string {
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`${file}: has "${find}" ${places} times; must be once`);
  return source.replace(find, () => replace);
}
