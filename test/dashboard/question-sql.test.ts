import { countedValue } from '../../analytics/counted-value';
import { questionCommand, questionSql } from '../../dashboard/page/model/question-sql';
import { optionsFor } from '../../dashboard/place-options';

const question = (value: string) =>
  questionSql({
    where: { dimension: 'page', value },
    by: 'referrer',
    from: Date.parse('2026-11-28T09:00Z'),
    to: Date.parse('2026-11-28T10:30Z'),
  });

describe('A question of two dimensions', () => {
  it('is SQL over the archive, by the names that the archive has', () => {
    expect(question('/docs')).toBe(
      [
        'SELECT referrerHost AS referrer, count(*) AS clicks',
        'FROM events_once',
        `WHERE page = '/docs'`,
        `  AND happened_at >= TIMESTAMP '2026-11-28 09:00:00'`,
        `  AND happened_at < TIMESTAMP '2026-11-28 10:30:00'`,
        'GROUP BY 1 ORDER BY clicks DESC LIMIT 50',
      ].join('\n'),
    );
  });

  it('compares with what the counters have made of a value where that may be less', () => {
    const cut = '/ä'.repeat(66);
    expect(question(cut)).toContain(`WHERE ${countedValue('page')} = '${cut}'`);
    expect(question('\\(other)')).toContain(`WHERE ${countedValue('page')} = `);
    expect(question('/a'.repeat(98))).toContain('WHERE page = ');
  });

  it('keeps a value a value, whatever is in it', () => {
    expect(question(`'; DROP TABLE clicks; --`)).toContain(`page = '''; DROP TABLE clicks; --'`);
  });

  it('holds nothing that a terminal acts upon, or that turns the text around', () => {
    const sql = question('/a\n/b\u202e');
    expect(sql).toContain(`'/a' || chr(10) || '/b' || chr(8238)`);
    expect(sql).not.toMatch(/\u202e/);
  });

  it('is a command whose text ends where the SQL does, whatever the value is', () => {
    const where = { dimension: 'page', value: '/a\nSQL\nrm -rf ~' };
    const command = questionCommand({ where, by: 'device', from: Date.parse('2026-11-28T09:00Z'), to: 9e12 });
    const lines = command.split('\n');
    expect(lines[0]).toBe(`npm run query -- --from 2026-11-28T08:45:00Z <<'SQL'`);
    expect(lines.filter((line) => line === 'SQL')).toHaveLength(1);
    expect(lines.at(-1)).toBe('SQL');
  });
});

describe('The command', () => {
  const at = Date.parse('2026-11-28T09:00Z');
  const question = { where: { dimension: 'page', value: '/' }, by: 'device', from: at, to: at + 60_000 };

  it.each([
    [{ kind: 'local', directory: '.local' }, 'npm run query -- --from'],
    [{ kind: 'local', directory: '/tmp/my data' }, "npm run query -- --local '/tmp/my data' --from"],
    [
      { kind: 'stack', name: 'clickstream-prod', access: {} },
      'npm run query -- --stack clickstream-prod --from',
    ],
  ] as const)('finds the pipeline at %j', (place, beginning) => {
    expect(questionCommand(question, optionsFor(place)).startsWith(beginning)).toBe(true);
  });
});
