import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { nodeArguments } from '../../cli/node-arguments';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('hosted-page');

it('a synthesis gets the hosted page as files that link each other', () => {
  const directory = join(folder, 'page');
  execFileSync(process.execPath, [
    ...nodeArguments,
    resolve(__dirname, '../../dashboard/write-hosted-page.ts'),
    directory,
  ]);
  const html = readFileSync(join(directory, 'index.html'), 'utf8');
  const assets = readdirSync(join(directory, 'assets'));
  expect(readdirSync(directory).sort()).toEqual(['assets', 'index.html']);
  const links = [...html.matchAll(/="\.\/assets\/([^"]+)"/g)].map(([, name]) => name!);
  expect(links.sort()).toEqual(assets.sort());
}, 30_000);
