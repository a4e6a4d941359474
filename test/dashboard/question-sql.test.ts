import { questionSql } from '../../dashboard/page/model/question-sql';

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
        'SELECT "referrerHost", count(*) AS clicks',
        'FROM clicks',
        `WHERE "page" = '/docs'`,
        `  AND "timestamp" >= TIMESTAMP '2026-11-28 09:00:00 UTC'`,
        `  AND "timestamp" < TIMESTAMP '2026-11-28 10:30:00 UTC'`,
        'GROUP BY 1 ORDER BY 2 DESC LIMIT 50',
      ].join('\n'),
    );
  });

  it('keeps a value a value, whatever is in it', () => {
    expect(question(`'; DROP TABLE clicks; --`)).toContain(`"page" = '''; DROP TABLE clicks; --'`);
  });

  it('holds nothing that a terminal acts upon, or that turns the text around', () => {
    const sql = question('/a\n/b\u202e');
    expect(sql).toContain(`'/a' || chr(10) || '/b' || chr(8238)`);
    expect(sql).not.toMatch(/\u202e/);
  });
});
