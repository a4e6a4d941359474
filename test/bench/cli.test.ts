import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { benchmarks } from '../../bench/benchmarks';
import { nodeArguments } from '../../cli/node-arguments';

function bench(...args: string[]) {
  const script = join(__dirname, '../../bench/cli.ts');
  const run = spawnSync(process.execPath, [...nodeArguments, script, ...args], { encoding: 'utf8' });
  return { status: run.status, stdout: run.stdout, stderr: run.stderr };
}

const names = Object.keys(benchmarks).join(', ');

describe('npm run bench', () => {
  it('lists what there is', () => {
    const { status, stdout } = bench('--help');

    expect(status).toBe(0);
    for (const [name, { what }] of Object.entries(benchmarks)) {
      expect(stdout).toMatch(new RegExp(`^  ${name} .*${what}$`, 'm'));
    }
    expect(Math.max(...stdout.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120);
  });

  it('says of a benchmark what its options do', () => {
    const { status, stdout } = bench('laptop', '--rate', '7', '--help');

    expect(status).toBe(0);
    expect(stdout).toContain(benchmarks.laptop!.what);
    for (const [option, does] of Object.entries({
      ...benchmarks.laptop!.options,
      '--json': '',
      '--short': '',
    })) {
      expect(stdout).toMatch(
        new RegExp(`^  ${option.replace('|', '\\|')} +${does.replace(/[()]/g, '\\$&')}`, 'm'),
      );
    }
  });

  it.each(Object.entries(benchmarks).filter(([, { options }]) => options))(
    'names options of %s that it takes',
    (name, { options }) => {
      const given = Object.keys(options!).flatMap((option) => {
        const [flag, value] = option.split(' ');
        return value === undefined ? [flag!] : [flag!, '1'];
      });
      const { status, stderr } = bench(name, ...given, '--nobody');

      // The first that it does not take is the one that nobody does.
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: 'bench: --nobody is no option here; --help lists those there are\n',
      });
    },
  );

  it.each([
    [['toString'], `there is no benchmark "toString"; allowed: ${names}`],
    [['producer', '--latency', 'soon'], '--latency is "soon"; allowed: milliseconds'],
    [['producer', '--fast'], '--fast is no option here'],
    [['--json', 'producer'], 'there is no benchmark "--json"; allowed:'],
  ])('refuses %j', (args, message) => {
    const { status, stdout, stderr } = bench(...args);

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^bench: /);
    expect(stderr).toContain(message);
  });
});
