import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { settingNames, settingRules } from '../../lib/settings';

describe('docs/settings.md', () => {
  it('has each setting in the order of the code, with its defaults and what is allowed, and a word about it', () => {
    const page = readFileSync(join(__dirname, '../../docs/settings.md'), 'utf8');
    const rows = [...page.matchAll(/^(\| `\w+` \|.*) \| ([^|]+) \|$/gm)].map(([, row, meaning]) => ({
      row,
      isExplained: meaning!.trim() !== '',
    }));
    const expected = settingNames.map((name) => {
      const { dev, prod, allowed } = settingRules[name];
      const cells = name === 'stage' ? ['dev', ''] : [dev, prod];
      return { row: `| \`${name}\` | ${cells.join(' | ')} | ${allowed}`, isExplained: true };
    });
    expect(rows).toEqual(expected);
  });
});
