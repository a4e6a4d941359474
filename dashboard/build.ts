import { createHash } from 'node:crypto';
import { transform } from 'esbuild';

/** A file of the page as it is served. */
export interface PageFile {
  readonly body: Buffer;
  /** Its content type. */
  readonly type: string;
  readonly etag: string;
}

/** Builds the page: its files by path, `/` among them. */
export async function buildPage(): Promise<ReadonlyMap<string, PageFile>> {
  const script = await transform(source, { loader: 'ts', minify: true });
  return new Map([
    ['/', fileOf(document, 'text/html; charset=utf-8')],
    ['/app.js', fileOf(script.code, 'text/javascript; charset=utf-8')],
  ]);
}

function fileOf(text: string, type: string): PageFile {
  const body = Buffer.from(text);
  return { body, type, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

const document = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Clicks</title>
<h1>Clicks of the last 24 hours</h1>
<p id="sum"></p>
<p>The API: <a href="/api/openapi.json">/api/openapi.json</a></p>
<script type="module" src="/app.js"></script>
</html>
`;

const source = `
const show = async (): Promise<void> => {
  const answer = await fetch('/api/series?dimension=total');
  const { sum } = (await answer.json()) as { sum: number };
  document.querySelector('#sum')!.textContent = String(sum);
};
void show();
setInterval(() => void show(), 5_000);
`;
