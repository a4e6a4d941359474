import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../local/synthesize';

describe('synthesis', () => {
  const folder = mkdtempSync(join(tmpdir(), 'synthesize-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  let apps = 0;
  const app = (source: string, cdkJson: object = {}) => {
    apps += 1;
    const appDir = join(folder, String(apps));
    mkdirSync(appDir);
    writeFileSync(join(appDir, 'app.cjs'), source);
    writeFileSync(join(appDir, 'cdk.json'), JSON.stringify({ app: 'node app.cjs', ...cdkJson }));
    return { appDir, outputDir: join(appDir, 'out') };
  };

  it("runs the command of cdk.json with the CLI's variables", async () => {
    const place = app(
      `const { CDK_OUTDIR, CDK_CONTEXT_JSON, CDK_VALIDATION, KEPT } = process.env;
       require('node:fs').writeFileSync('seen.json', JSON.stringify({ CDK_OUTDIR, CDK_CONTEXT_JSON, CDK_VALIDATION, KEPT }));`,
      { context: { '@aws-cdk/core:flag': true, stage: 'dev' } },
    );
    await synthesize({ ...place, context: { stage: 'prod' }, environment: { ...process.env, KEPT: 'yes' } });
    const seen = JSON.parse(readFileSync(join(place.appDir, 'seen.json'), 'utf8'));
    expect(seen).toMatchObject({ CDK_OUTDIR: place.outputDir, CDK_VALIDATION: 'false', KEPT: 'yes' });
    expect(JSON.parse(seen.CDK_CONTEXT_JSON)).toEqual({ '@aws-cdk/core:flag': true, stage: 'prod' });
  });

  it('says what the app said when it fails', async () => {
    const place = app('console.error("settings.shards: 0, want 1 to 10"); process.exit(4)');
    await expect(synthesize(place)).rejects.toThrow(
      'synthesis failed (node app.cjs: exit code 4)\nsettings.shards: 0, want 1 to 10',
    );
  });

  it('refuses a cdk.json without a command', async () => {
    await expect(synthesize(app('', { app: ['node'] }))).rejects.toThrow(
      'must name the app\'s command in "app", got ["node"]',
    );
  });
});
