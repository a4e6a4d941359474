import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import cdkJson from '../cdk.json';
import packageJson from '../package.json';
import { temporaryFolder } from './support/temporary-folder';

const root = join(__dirname, '..');
const withoutCache = 'node --import ./cli/typescript.mjs ';
const commands = { ...packageJson.scripts, 'the app in cdk.json': cdkJson.app };

describe('The commands', () => {
  it.each(Object.entries(commands))(
    '%s runs nothing out of a cache that is not its own',
    (_name, command) => {
      const runsTypeScript = /\.ts\b/.test(command) || /\btsx\b/.test(command);
      expect(command.startsWith(withoutCache)).toBe(runsTypeScript);
      expect(command).not.toMatch(/\btsx\b/);
    },
  );

  it('start their own processes in the same way', () => {
    const allowed = [
      // What they are all started with.
      join('cli', 'typescript.mjs'),
      // What the CDK CLI writes into a new project, to compare with; it keeps what that leaves in a folder of its own.
      join('bench', 'synth', 'synth.ts'),
      join('test', 'commands.test.ts'),
    ];
    const folders = readdirSync(root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .filter((name) => !['node_modules', 'docs', 'coverage', 'cdk.out'].includes(name));
    const offences = folders
      .flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) =>
          join(folder, file),
        ),
      )
      .filter((file) => /\.[cm]?[jt]s$/.test(file) && !allowed.includes(file))
      .filter((file) => /['"\s/]tsx['"\s]/.test(readFileSync(join(root, file), 'utf8')));
    expect(offences).toEqual([]);
  });

  describe('when another user has taken the name of the cache in the temporary folder', () => {
    const temporary = temporaryFolder('commands');
    const run = (command: string) =>
      spawnSync(`${command} --help`, {
        cwd: root,
        shell: true,
        encoding: 'utf8',
        env: { PATH: process.env.PATH, TMPDIR: temporary },
      });
    const poison = 'process.stdout.write("what another user wrote\\n");';

    it('run the project, and not what lies there', () => {
      const { cost } = packageJson.scripts;
      const careless = cost.replace(withoutCache, 'node --import tsx ');
      expect(run(careless).stdout).toContain('Usage: npm run cost');
      const [cache] = readdirSync(temporary);
      const files = readdirSync(join(temporary, cache!)).map((file) => join(temporary, cache!, file));
      expect(files.length).toBeGreaterThan(0);
      for (const file of files) {
        const compiled = JSON.parse(readFileSync(file, 'utf8'));
        writeFileSync(file, JSON.stringify({ ...compiled, code: `${poison}${compiled.code}` }));
      }
      expect(run(careless).stdout).toContain('what another user wrote');

      const { stdout, status } = run(cost);
      expect(stdout).toContain('Usage: npm run cost');
      expect(stdout).not.toContain('what another user wrote');
      expect(status).toBe(0);
      expect(readdirSync(join(temporary, cache!))).toHaveLength(files.length);
    }, 60_000);
  });
});
