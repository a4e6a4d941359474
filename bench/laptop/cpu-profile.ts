import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** V8's CPU profile: samples are ids of nodes, each with the microseconds since the one before. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** What one package, or folder of ours, took of the time in which the process was busy. */
export interface ProfileShare {
  readonly what: string;
  readonly share: number;
}

/** Sums up the largest profile in the folder, which is the main thread's. */
export async function readProfile(folder: string): Promise<ProfileShare[]> {
  const files = (await readdir(folder)).map((name) => join(folder, name));
  const sized = await Promise.all(files.map(async (file) => ({ file, bytes: (await stat(file)).size })));
  const largest = sized.toSorted((a, b) => b.bytes - a.bytes)[0];
  if (!largest) throw new Error(`no CPU profile in ${folder}`);
  return sharesOf(JSON.parse(await readFile(largest.file, 'utf8')) as CpuProfile);
}

export function sharesOf({ nodes, samples, timeDeltas }: CpuProfile): ProfileShare[] {
  const owners = new Map(nodes.map(({ id, callFrame }) => [id, ownerOf(callFrame)]));
  const times = new Map<string, number>();
  for (const [index, id] of samples.entries()) {
    const owner = owners.get(id)!;
    times.set(owner, (times.get(owner) ?? 0) + timeDeltas[index]!);
  }
  times.delete('(idle)');
  const busy = [...times.values()].reduce((sum, time) => sum + time, 0);
  return [...times].map(([what, time]) => ({ what, share: time / busy })).sort((a, b) => b.share - a.share);
}

function ownerOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  const packageName = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1];
  if (packageName !== undefined) return packageName;
  const folder = /\/((?:local|producer|report|domain|cli)\/(?:[^/]+\/)?)[^/]+\.c?ts/.exec(url)?.[1];
  if (folder !== undefined) return folder;
  if (url.startsWith('node:')) return 'node';
  return functionName.startsWith('(') ? functionName : '(native)';
}
