import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isSetting, settingNames } from '../lib/settings';

const root = join(__dirname, '..');

const pages = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
  .concat(
    readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((path) => join('docs', path)),
  )
  .filter((path) => path.endsWith('.md'));

/** The anchor of a heading, as GitHub makes it. */
function anchorOf(heading: string): string {
  const text = heading.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim();
  return text.toLowerCase().replaceAll(' ', '-');
}

function isThere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? join(root, page) : join(root, dirname(page), path);
  if (!existsSync(file)) return false;
  if (anchor === undefined) return true;
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    anchorOf(heading!),
  );
  return headings.includes(anchor);
}

/** `Days` of `logDays`. */
function lastWord(name: string): string {
  return /[A-Z][a-z]*$|^[a-z]+$/.exec(name)?.[0] ?? name;
}

describe('The documents', () => {
  it.each(pages)('%s has no link to a file or heading that is not there', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target!);
    const broken = targets.filter((target) => !/^https?:/.test(target) && !isThere(page, target));
    expect(broken).toEqual([]);
  });

  it.each(pages.filter((page) => !['CONTRIBUTING.md', 'CHANGELOG.md'].includes(page)))(
    '%s names no setting that there is not',
    (page) => {
      const text = readFileSync(join(root, page), 'utf8');
      const names = [...text.matchAll(/`([a-z]+(?:[A-Z]\w*)+)(?:=[^`]*)?`/g)].map(([, name]) => name!);
      // What ends like a setting (in a unit, say) is taken for one.
      const endings = new Set(settingNames.map(lastWord));
      const wrong = names.filter((name) => endings.has(lastWord(name)) && !isSetting(name));
      expect(wrong).toEqual([]);
    },
  );

  it('list every decision in their index', () => {
    const folder = join(root, 'docs/decisions');
    const index = readFileSync(join(folder, 'README.md'), 'utf8');
    const files = readdirSync(folder).filter((name) => name !== 'README.md');
    expect(files.filter((name) => !index.includes(`(${name})`))).toEqual([]);
  });
});
