import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';

/** A file of the demo site, as it is answered with. */
export interface DemoFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const folder = join(__dirname, '../../collector/demo');

/** Where the demo site begins. */
export const demoPath = '/demo/';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/** As strict as a policy can be with a script of its own: the client must work under it. */
const policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; base-uri 'none'";

/** A small site that counts itself by path. */
export async function readDemoSite(): Promise<ReadonlyMap<string, DemoFile>> {
  const files = new Map<string, DemoFile>();
  for (const name of await readdir(folder)) {
    const type = types[extname(name)];
    if (type === undefined) continue;
    const headers = { 'content-type': type, 'content-security-policy': policy, 'cache-control': 'no-cache' };
    const file = { headers, body: await readFile(join(folder, name)) };
    files.set(`${demoPath}${name === 'index.html' ? '' : name}`, file);
  }
  return files;
}
