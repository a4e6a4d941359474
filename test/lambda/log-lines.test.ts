import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type PrintedLine, printedLines } from './printed-lines';

describe('The log line of a function', () => {
  const page = readFileSync(join(__dirname, '../../docs/operations.md'), 'utf8');
  const [, section = ''] = page.split('\n## Log lines\n');
  const [intro = ''] = section.split('\n|');
  const rows = [...section.matchAll(/^\| (`.*?`) \| ([a-z, ]+) \| .+ \|$/gm)].map(
    ([, fields, functions]) => ({
      fields: [...fields!.matchAll(/`(\w+)`/g)].map(([, field]) => field!),
      functions: functions!.split(', '),
    }),
  );
  const common = [...intro.matchAll(/`(\w+)`/g)].map(([, field]) => field!);
  /** Without metrics, which begin with a capital, and the directive for CloudWatch. */
  const fieldsOf = (line: PrintedLine) => Object.keys(line).filter((field) => /^[a-z]/.test(field));

  let lines: Awaited<ReturnType<typeof printedLines>>;
  beforeAll(async () => {
    lines = await printedLines();
  });

  it.each(['aggregator', 'compactor', 'transformer', 'collector', 'adapter', 'forwarder', 'anomalies'])(
    'of the %s has its fields in the runbook',
    (name) => {
      const documented = rows
        .filter(({ functions }) => functions.includes(name))
        .flatMap(({ fields }) => fields);
      const ofAll = fieldsOf(lines[name]!).filter((field) => common.includes(field));
      expect(ofAll).toEqual(['level', 'message', 'timestamp', 'project', 'stage', 'service']);
      const own = fieldsOf(lines[name]!).filter((field) => !common.includes(field));
      expect(own.sort()).toEqual(documented.sort());
    },
  );

  it('has a name for each row of the runbook', () => {
    expect(new Set(rows.flatMap(({ functions }) => functions))).toEqual(
      new Set(['aggregator', 'transformer', 'compactor', 'collector', 'adapter', 'forwarder', 'anomalies']),
    );
  });
});
