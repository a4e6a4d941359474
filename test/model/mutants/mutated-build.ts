import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { type Mutation, mutated } from './mutation';

/** A change of one function of the product. */
export interface Edit {
  /** Path from the root of the repository. */
  readonly file: string;
  /** The function, method or class that is changed. */
  readonly within: string;
  readonly mutations: readonly Mutation[];
  /** Imports that the changed code needs. */
  readonly imports?: string;
}

const root = join(__dirname, '..', '..', '..');

/**
 * What a module exports once a function of the product is changed, built in memory.
 *
 * @param entry path of the module from the root of the repository
 * @throws Error if what is to be changed is not there, or is no part of the module
 */
export async function builtWith<Exports>(entry: string, edit: Edit): Promise<Exports> {
  let isApplied = false;
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
        name: 'mutation',
        setup: ({ onLoad }) => {
          onLoad({ filter: /\.ts$/ }, ({ path }) => {
            if (relative(root, path) !== edit.file) return undefined;
            isApplied = true;
            return { contents: editedText(edit), loader: 'ts' };
          });
        },
      },
    ],
  });
  if (!isApplied) throw new Error(`${edit.file}: is no part of ${entry}`);
  const built = { exports: {} as Exports };
  new Function('module', 'exports', 'require', outputFiles[0]!.text)(built, built.exports, require);
  return built.exports;
}

/** @throws Error that names the place, if what is to be changed is not there */
export function editedText({ file, within, mutations, imports }: Edit): string {
  try {
    return mutated(readFileSync(join(root, file), 'utf8'), within, mutations, imports);
  } catch (error) {
    throw new Error(`${file}, ${within}: ${(error as Error).message}`, { cause: error });
  }
}
