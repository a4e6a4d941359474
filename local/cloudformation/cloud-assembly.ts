import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Stack, Template } from './template';

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly file?: string;
    readonly directoryName?: string;
  };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;

/**
 * Reads every stack of a cloud assembly (the folder that a CDK app writes, `cdk.out` by default), those of
 * its stages included.
 */
export function readStacks(assemblyDir: string): readonly Stack[] {
  const manifestFile = join(assemblyDir, 'manifest.json');
  if (!existsSync(manifestFile)) {
    throw new Error(`no cloud assembly in ${assemblyDir}: there is no manifest.json; synthesize first`);
  }
  const artifacts = readJson<Manifest>(manifestFile).artifacts ?? {};
  return Object.entries(artifacts).flatMap(([id, artifact]) => {
    if (artifact.type === 'cdk:cloud-assembly' && artifact.properties?.directoryName) {
      return readStacks(join(assemblyDir, artifact.properties.directoryName));
    }
    if (artifact.type === 'aws:cloudformation:stack' && artifact.properties?.templateFile) {
      return [
        {
          name: artifact.properties.stackName ?? id,
          template: readJson<Template>(join(assemblyDir, artifact.properties.templateFile)),
          assets: readAssets(assemblyDir, artifact, artifacts),
        },
      ];
    }
    return [];
  });
}

function readAssets(
  assemblyDir: string,
  stack: Artifact,
  artifacts: Readonly<Record<string, Artifact>>,
): ReadonlyMap<string, string> {
  const assets = new Map<string, string>();
  for (const dependency of stack.dependencies ?? []) {
    const artifact = artifacts[dependency];
    if (artifact?.type !== 'cdk:asset-manifest' || !artifact.properties?.file) continue;
    const manifest = readJson<AssetManifest>(join(assemblyDir, artifact.properties.file));
    for (const { source, destinations } of Object.values(manifest.files ?? {})) {
      // A source without a path is built by a command when it is published; no function here is.
      if (source.path === undefined) continue;
      for (const { objectKey } of Object.values(destinations)) {
        assets.set(objectKey, resolve(assemblyDir, source.path));
      }
    }
  }
  return assets;
}
