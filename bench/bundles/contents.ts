import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { Metafile } from 'esbuild';

/** What a bundle is made of. */
export interface Contents {
  readonly bytes: number;
  readonly gzipBytes: number;
  readonly modules: number;
  /** Bytes in the bundle by package, the largest first; `.` is this repository. */
  readonly packages: readonly (readonly [name: string, bytes: number])[];
}

export async function contentsOf(bundle: string, { outputs }: Metafile): Promise<Contents> {
  const code = await readFile(bundle);
  const [inputs] = Object.entries(outputs).flatMap(([path, output]) =>
    path.endsWith('.js') ? [output.inputs] : [],
  );
  const packages = new Map<string, number>();
  for (const [path, { bytesInOutput }] of Object.entries(inputs!)) {
    const name = packageOf(path);
    packages.set(name, (packages.get(name) ?? 0) + bytesInOutput);
  }
  return {
    bytes: code.length,
    gzipBytes: gzipSync(code).length,
    modules: Object.keys(inputs!).length,
    packages: [...packages].sort(([, a], [, b]) => b - a),
  };
}

function packageOf(path: string): string {
  return /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path)?.[1] ?? '.';
}
