import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';
import { etagOf } from '../domain/http/etag';

export interface PageFile {
  readonly body: Buffer;
  /** Of the content: `text/html; charset=utf-8`. */
  readonly type: string;
  readonly etag: string;
}

const pageFolder = join(__dirname, 'page');
const types: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** As this machine serves it, or as a bucket does, where one has to sign in first. */
export type Edition = 'local' | 'hosted';

/**
 * The dashboard's files by their path, `/` among them. The names of all others change with what they hold, so
 * that a browser may keep them for ever.
 * @throws BuildFailure of esbuild, which names the file and the line
 */
export async function buildPage(edition: Edition = 'local'): Promise<ReadonlyMap<string, PageFile>> {
  const { outputFiles } = await build({
    absWorkingDir: pageFolder,
    entryPoints: ['main.tsx', 'icon.svg', ...(edition === 'hosted' ? ['hosted/signin.ts'] : [])],
    outdir: '/assets',
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: ['chrome123', 'firefox121', 'safari17.5'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'copy' },
    // Licences of what is bundled stand in its packages.
    legalComments: 'none',
    logLevel: 'silent',
  });
  const files = new Map<string, PageFile>();
  for (const { path, contents } of outputFiles) {
    const name = basename(path);
    files.set(`/assets/${name}`, fileOf(Buffer.from(contents), types[name.split('.').at(-1)!]!));
  }
  const page = await readFile(join(pageFolder, 'index.html'), 'utf8');
  const html =
    edition === 'hosted' ? page.replace('src="{main.js}"', 'src="{signin.js}" data-page="{main.js}"') : page;
  const linked = html.replace(/\{(\w+)\.(\w+)\}/g, (_, name: string, extension: string) => {
    const path = [...files.keys()].find(
      (file) => file.startsWith(`/assets/${name}-`) && file.endsWith(`.${extension}`),
    );
    if (path === undefined)
      throw new Error(`index.html links ${name}.${extension}, which the build has not made`);
    // Relative, so that the page works below any path.
    return `.${path}`;
  });
  files.set('/', fileOf(Buffer.from(linked), 'text/html; charset=utf-8'));
  return files;
}

function fileOf(body: Buffer, type: string): PageFile {
  return { body, type, etag: etagOf(body) };
}
