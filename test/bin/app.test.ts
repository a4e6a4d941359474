import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import cdkJson from '../../cdk.json';
import { nodeArguments } from '../../cli/node-arguments';

const outdir = mkdtempSync(join(tmpdir(), 'app-'));
afterAll(() => rmSync(outdir, { recursive: true }));

/** Files that the app loads to synthesize, as `cdk synth` starts it but without bundling. */
function loadedBy(environment: NodeJS.ProcessEnv): string[] {
  const script = `
    require('./bin/app.ts');
    process.on('exit', () => process.stdout.write(JSON.stringify(Object.keys(require.cache))));
  `;
  const { CDK_VALIDATION: _, ...inherited } = process.env;
  const printed = execFileSync(process.execPath, [...nodeArguments, '-e', script], {
    cwd: join(__dirname, '../..'),
    env: {
      ...inherited,
      CDK_OUTDIR: outdir,
      CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, 'aws:cdk:bundling-stacks': [] }),
      ...environment,
    },
  });
  return JSON.parse(printed.toString());
}

const rules = join('node_modules', 'cdk-nag');
const engine = join('node_modules', '@aws', 'cloudformation-validate');

describe('the app', () => {
  it('has the rules of CDK and of cdk-nag look at what it synthesizes', () => {
    const loaded = loadedBy({}).join('\n');
    expect(loaded).toContain(rules);
    // Only a rule asks about a service that the stacks do not have.
    expect(loaded).toContain(join('aws-cdk-lib', 'aws-quicksight'));
    expect(loaded).toContain(engine);
  }, 60_000);

  it('leaves both out without validation, where seconds count', () => {
    const loaded = loadedBy({ CDK_VALIDATION: 'false' }).join('\n');
    expect(loaded).toContain(join('lib', 'pipeline.ts'));
    expect(loaded).not.toContain(rules);
    expect(loaded).not.toContain(engine);
  });
});
