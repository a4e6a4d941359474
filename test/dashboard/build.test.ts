import { gzipSync } from 'node:zlib';
import { buildPage, type PageFile } from '../../dashboard/build';

let files: ReadonlyMap<string, PageFile>;
beforeAll(async () => {
  files = await buildPage();
});
const html = () => files.get('/')!.body.toString();

describe('The page as it is served', () => {
  it('is at most 45 KB with gzip, all in all', () => {
    const bytes = [...files.values()].map(({ body }) => gzipSync(body).length);
    expect(bytes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(45 * 1024);
  });

  it('links every file by a name that changes with what is in it, and no other place', () => {
    const links = [...html().matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link]) => link!);
    expect(links.sort()).toEqual(
      [...files.keys()]
        .filter((path) => path !== '/')
        .map((path) => `.${path}`)
        .sort(),
    );
    for (const link of links) expect(link).toMatch(/^\.\/assets\/\w+-[A-Z0-9]{8}\.(js|css|svg)$/);
  });

  it('runs under a policy that forbids scripts and styles in the markup', () => {
    expect(html()).not.toMatch(/<script>|<script (?![^>]*src=)|<style|\sstyle=|\son\w+=/);
  });

  it('has a type and a tag of its own for every file', () => {
    const parts = [...files.values()];
    expect(new Set(parts.map(({ etag }) => etag)).size).toBe(parts.length);
    expect(parts.map(({ type }) => type.split(';')[0]).sort()).toEqual([
      'image/svg+xml',
      'text/css',
      'text/html',
      'text/javascript',
    ]);
  });
});

describe('The page as it is hosted', () => {
  it('begins with signing in, which the page of this machine does not have', async () => {
    const hosted = await buildPage('hosted');
    const [, first, page] = /<script type="module" src="\.([^"]+)" data-page="\.([^"]+)">/.exec(
      hosted.get('/')!.body.toString(),
    )!;
    expect(first).toMatch(/^\/assets\/signin-/);
    expect(hosted.get(page!)!.body).toEqual(files.get(page!)!.body);
    expect([...files.keys()].filter((path) => path.includes('signin'))).toEqual([]);
    expect(hosted.get(first!)!.body.toString()).toContain('sign-in.json');
    // oidc-client-ts is most of it.
    expect(gzipSync(hosted.get(first!)!.body).length).toBeLessThan(20 * 1024);
  });
});
