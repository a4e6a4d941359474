import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { BundledFunction } from '../../lib/bundled-function';
import { resolveSettings } from '../../lib/resolve-settings';
import { only, type Template } from './deployment';

const folder = mkdtempSync(join(tmpdir(), 'bundled-function-'));
const outdir = join(folder, 'out');
afterAll(() => rmSync(folder, { recursive: true }));

/** The template of a stack with a function of each of these sources. */
function synthesize(sources: Readonly<Record<string, string>>): Template {
  const app = new App({ outdir, analyticsReporting: false });
  const stack = new Stack(app, 'stack');
  for (const [name, source] of Object.entries(sources)) {
    const entry = join(folder, `${name}.ts`);
    writeFileSync(entry, source);
    new BundledFunction(stack, name, {
      description: name,
      entry,
      memorySize: 128,
      timeout: Duration.seconds(3),
      reservedConcurrency: 0,
      settings: resolveSettings({}),
    });
  }
  return app.synth().getStackArtifact(stack.artifactId).template;
}

describe('bundled functions', () => {
  writeFileSync(join(folder, 'answer.ts'), 'export const answer: number = 42;');
  const template = synthesize({
    First: "import { answer } from './answer';\nexport const handler = async () => answer;",
    Second: "export const handler = async () => 'second';",
  });

  it.each([
    ['First', 42],
    ['Second', 'second'],
  ])(
    '%s carries its own code with what it imports, and a source map without the sources',
    async (name, answer) => {
      const { Code, Handler } = only(template, 'AWS::Lambda::Function', name)[1].Properties;
      const [file, member] = Handler.split('.');
      const bundle = join(outdir, `asset.${Code.S3Key.replace('.zip', '')}`, `${file}.js`);

      expect(await createRequire(bundle)(bundle)[member]()).toBe(answer);
      const map = JSON.parse(readFileSync(`${bundle}.map`, 'utf8'));
      expect(map.sources.at(-1)).toMatch(new RegExp(`${name}\\.ts$`));
      expect(map).not.toHaveProperty('sourcesContent');
    },
  );
});
