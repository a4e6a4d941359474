import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from '../bundle';
import type { Contender } from './contenders';
import { type CommandTime, timeCommand } from './timed-command';

export interface Synthesis extends CommandTime {
  /** By stack, a hash of its template. */
  readonly templates: Readonly<Record<string, string>>;
}

/**
 * `cdk synth --quiet` of the pinned CLI, without notices and telemetry, so that nothing waits for a network.
 *
 * @param folder for everything that runs leave to later ones; a cold run takes a new one in it, and removes it
 */
export async function synthesis(contender: Contender, folder: string): Promise<Synthesis> {
  const { name, app, environment, cold } = contender;
  const place = cold ? await mkdtemp(join(folder, 'cold-')) : join(folder, name);
  // tsx keeps compiled files in the temporary folder, the CLI its cache in its home.
  const [temporary, home, output] = ['tmp', 'home', 'out'].map((part) => join(place, part));
  await Promise.all([mkdir(temporary!, { recursive: true }), mkdir(home!, { recursive: true })]);
  const cli = join(repository, 'node_modules/aws-cdk/bin/cdk');
  const time = await timeCommand(
    [process.execPath, cli, 'synth', '--quiet', '--no-notices', '--output', output!, '--app', app],
    { ...environment, TMPDIR: temporary!, CDK_HOME: home!, CDK_DISABLE_CLI_TELEMETRY: 'true' },
  );
  const templates = await templatesIn(output!);
  if (cold) await rm(place, { recursive: true });
  return { ...time, templates };
}

async function templatesIn(folder: string): Promise<Record<string, string>> {
  const suffix = '.template.json';
  const files = (await readdir(folder)).filter((file) => file.endsWith(suffix)).sort();
  const hashed = files.map(async (file) => {
    const text = await readFile(join(folder, file));
    return [file.slice(0, -suffix.length), createHash('sha256').update(text).digest('hex')] as const;
  });
  return Object.fromEntries(await Promise.all(hashed));
}
