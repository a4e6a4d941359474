import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SetupError } from '../../cli/setup-error';
import { claimDataDir, type DataDir, dataDirAt, emptyDataDir } from '../../emulators/data-dir';
import { startKinesis } from '../../emulators/kinesis';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('data-dir');
let folders = 0;

async function prepareDataDir(dir: DataDir, fresh: boolean): Promise<void> {
  await claimDataDir(dir);
  if (fresh) await emptyDataDir(dir);
}

const git = (cwd: string, ...args: string[]): string => execFileSync('git', args, { cwd, encoding: 'utf8' });

/** A folder that is not there yet. */
const missing = (): DataDir => dataDirAt(join(folder, `state-${++folders}`));

/** A folder in which a pipeline has run. */
async function used(): Promise<DataDir> {
  const dir = missing();
  await prepareDataDir(dir, false);
  mkdirSync(dir.checkpoints);
  writeFileSync(join(dir.checkpoints, 'shard.json'), '{}');
  writeFileSync(dir.endpointsFile, '{}');
  return dir;
}

describe('the data directory', () => {
  it('has a place of its own for everything, all inside of it', () => {
    const { path, ...places } = dataDirAt('some/where');

    expect(path).toBe(join(process.cwd(), 'some/where'));
    for (const place of Object.values(places)) expect(place.startsWith(`${path}/`)).toBe(true);
    expect(new Set(Object.values(places)).size).toBe(Object.keys(places).length);
  });

  it('is made where there is none, and says what it is', async () => {
    const dir = missing();
    await prepareDataDir(dir, false);

    expect(readFileSync(join(dir.path, 'clickstream-pipeline'), 'utf8')).toContain('Safe to delete');
  });

  it.each([false, true])('may be an empty folder (--fresh %s)', async (fresh) => {
    const dir = missing();
    mkdirSync(dir.path);
    await prepareDataDir(dir, fresh);

    expect(readdirSync(dir.path)).toEqual(['.gitignore', 'clickstream-pipeline']);
  });

  it('is no matter for git, wherever it is, one of an earlier version neither', async () => {
    const checkout = join(folder, `checkout-${++folders}`);
    mkdirSync(checkout);
    git(checkout, 'init', '--quiet');
    const dir = dataDirAt(join(checkout, 'my-state'));
    await claimDataDir(dir);
    rmSync(join(dir.path, '.gitignore'));
    expect(git(checkout, 'status', '--porcelain')).toBe('?? my-state/\n');
    await claimDataDir(dir);

    expect(git(checkout, 'status', '--porcelain')).toBe('');
  });

  it('keeps its state from run to run', async () => {
    const dir = await used();
    await prepareDataDir(dir, false);

    expect(readdirSync(dir.path).toSorted()).toEqual([
      '.gitignore',
      'checkpoints',
      'clickstream-pipeline',
      'endpoints.json',
    ]);
  });

  it('is closed to other users, a new one and one of an earlier version alike', async () => {
    const [dir, older] = [missing(), await used()];
    chmodSync(older.path, 0o755);
    for (const { path } of [dir, older]) {
      await claimDataDir(dataDirAt(path));
      expect(statSync(path).mode & 0o777).toBe(0o700);
    }
  });

  it('is no folder of another user, who could put links there', async () => {
    const dir = await used();
    const user = process.getuid!();
    const other = jest.spyOn(process, 'getuid').mockReturnValue(user + 1);
    try {
      await expect(claimDataDir(dir)).rejects.toThrow(
        `--data-dir ${dir.path} belongs to another user (${user}); allowed: a folder of your own`,
      );
    } finally {
      other.mockRestore();
    }
  });

  it('is left as it is where it holds other files', async () => {
    const dir = missing();
    mkdirSync(dir.path);
    chmodSync(dir.path, 0o755);
    writeFileSync(join(dir.path, 'thesis.tex'), 'ten years of work');
    await expect(claimDataDir(dir)).rejects.toThrow('holds other files');
    expect(statSync(dir.path).mode & 0o777).toBe(0o755);
  });

  it('is emptied with --fresh', async () => {
    const dir = await used();
    await prepareDataDir(dir, true);

    expect(readdirSync(dir.path)).toEqual(['.gitignore', 'clickstream-pipeline']);
  });

  it("stays the pipeline's own while it is emptied, so that a start that is killed meanwhile can be repeated", async () => {
    const dir = await used();
    const marker = () => statSync(join(dir.path, 'clickstream-pipeline'), { bigint: true });
    const before = marker();
    await prepareDataDir(dir, true);

    expect(marker().birthtimeNs).toBe(before.birthtimeNs);
  });

  it.each([false, true])('is no folder with other files, and those stay (--fresh %s)', async (fresh) => {
    const dir = missing();
    mkdirSync(dir.kinesis, { recursive: true });
    writeFileSync(join(dir.path, 'thesis.tex'), 'ten years of work');

    const preparing = prepareDataDir(dir, fresh);
    await expect(preparing).rejects.toThrow(SetupError);
    await expect(preparing).rejects.toThrow(
      `--data-dir ${dir.path} holds other files; allowed: a new or empty folder, or one of the pipeline`,
    );
    expect(readdirSync(dir.path)).toEqual(['kinesis', 'thesis.tex']);
  });

  it('is not emptied while a pipeline runs on it', async () => {
    const dir = await used();
    const running = await startKinesis({ port: 0, dataDir: dir.kinesis });
    try {
      await expect(prepareDataDir(dir, true)).rejects.toThrow(
        `another pipeline, or a command that reads it, is running on ${dir.path}: stop it, or choose another --data-dir`,
      );
      expect(readdirSync(dir.checkpoints)).toEqual(['shard.json']);
    } finally {
      await running.close();
    }
    await prepareDataDir(dir, true);
    expect(readdirSync(dir.path)).toEqual(['.gitignore', 'clickstream-pipeline']);
  });
});
