/** A way to synthesize. */
export interface Contender {
  readonly name: string;
  readonly what: string;
  /** As `app` in `cdk.json` has it. */
  readonly app: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Stacks that come out: those of the pipeline, or two that are hardly anything. */
  readonly stacks: 'pipeline' | 'bare';
  /**
   * Every run starts without anything that an earlier one left: the assembly, tsx's compiled files, the CLI's cache.
   * What the operating system keeps of the files on the disk stays.
   */
  readonly cold: boolean;
}

const ours = 'node --import ./cli/typescript.mjs bin/app.ts';
/** What `cdk init app --language typescript` writes into `cdk.json` (aws-cdk 2.1148.1). */
const template = 'npx tsc && npx tsx bin/app.ts';

const none = {};
const unvalidated = { CDK_VALIDATION: 'false' };

const project = { app: ours, environment: none, stacks: 'pipeline' } as const;
const templates = { app: template, environment: none, stacks: 'pipeline' } as const;
const bare = {
  app: 'node --import ./cli/typescript.mjs bench/synth/bare-app.ts',
  environment: none,
  stacks: 'bare',
} as const;

export const contenders: readonly Contender[] = [
  { name: 'project', what: 'this project’s command', cold: false, ...project },
  { name: 'template', what: 'the CLI template’s command', cold: false, ...templates },
  {
    name: 'template-unchecked',
    what: 'the same without its type check',
    cold: false,
    ...templates,
    app: 'npx tsx bin/app.ts',
  },
  { name: 'bare', what: 'the floor: two bare stacks', cold: false, ...bare },
  {
    name: 'project-unvalidated',
    what: 'this project’s, without validation',
    cold: false,
    ...project,
    environment: unvalidated,
  },
  { name: 'project-cold', what: 'cold: this project’s command', cold: true, ...project },
  { name: 'template-cold', what: 'cold: the CLI template’s command', cold: true, ...templates },
  { name: 'bare-cold', what: 'cold: the floor', cold: true, ...bare },
];

/** Whom a contender is compared with. */
export function templateOf({ cold }: Contender): string {
  return cold ? 'template-cold' : 'template';
}
