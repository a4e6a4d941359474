import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

describe('the settings of the app', () => {
  const app = join(__dirname, '../../bin/app.ts');
  const folder = mkdtempSync(join(tmpdir(), 'app-settings-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs the app in a folder with a file for prod, as `cdk` starts it. */
  function run(file: string, context: Readonly<Record<string, string>>) {
    mkdirSync(join(folder, 'config'), { recursive: true });
    writeFileSync(join(folder, 'config/prod.json'), file);
    const { status, stderr } = spawnSync(process.execPath, [...nodeArguments, app], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        PATH: process.env.PATH,
        CDK_OUTDIR: join(folder, 'out'),
        CDK_CONTEXT_JSON: JSON.stringify({ ...cdkJson.context, 'aws:cdk:bundling-stacks': [], ...context }),
        CDK_VALIDATION: 'false',
      },
    });
    return { status, lines: stderr.trim().split('\n') };
  }

  it('are those of the file of the stage, and every difference is a line on standard error', () => {
    expect(run('{ "shardCount": 3, "streamMode": "provisioned" }', { stage: 'prod', name: 'omega' })).toEqual(
      {
        status: 0,
        lines: [
          'name: "omega" by -c, for this time only; prod has "clickstream" by default',
          'streamMode: "provisioned" by config/prod.json; prod has "on-demand" by default',
          'shardCount: 3 by config/prod.json; prod has 1 by default',
          'deletionProtection: off; switch it on in config/prod.json once the three stacks stand (docs/operations.md)',
          'alarmEmail: none; nobody hears of alarms until somebody subscribes to their topic',
        ],
      },
    );
  });

  it('need no reminder once prod is protected, and somebody hears of its alarms', () => {
    const file = '{ "deletionProtection": true, "alarmEmail": "on-call@shop.example" }';
    expect(run(file, { stage: 'prod' }).lines).toEqual([
      'deletionProtection: true by config/prod.json; prod has false by default',
      'alarmEmail: "on-call@shop.example" by config/prod.json; prod has "" by default',
    ]);
  });

  it('say what the customer key needs first, which no template can see', () => {
    expect(run('{ "encryption": "customer-managed" }', { stage: 'prod' }).lines).toContain(
      'encryption: where the pipeline runs without the key, deploy key-granted first, or its readers stand still for a while (docs/operations.md)',
    );
    for (const encryption of ['aws-managed', 'key-granted'])
      expect(run('{}', { stage: 'prod', encryption }).lines.join('\n')).not.toContain('stand still');
  });

  it('are refused with exit code 2, before anything is synthesized', () => {
    expect(run('{ "batchSize": 0 }', { stage: 'prod' })).toEqual({
      status: 2,
      lines: [
        'Invalid settings:',
        '  config/prod.json: batchSize: 0 is not allowed; allowed is a whole number from 1 to 10000 (records)',
      ],
    });
  });
});
