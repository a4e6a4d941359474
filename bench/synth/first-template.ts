import { join } from 'node:path';
import { nodeArguments } from '../../cli/node-arguments';
import { repository } from '../bundle';
import { measureInChild, type Taken } from '../child-measurement';
import type { Making } from './make-template';

export interface FirstTemplate {
  readonly importing: Taken;
  /** The app, its synthesis, and the template of one stack. */
  readonly first: Taken;
  /** In that template. */
  readonly resources: number;
}

export interface TemplateContender {
  readonly name: Making;
  readonly what: string;
}

export const templateContenders: readonly TemplateContender[] = [
  { name: 'tests', what: 'as the tests do it' },
  { name: 'defaults', what: 'with bundles, CDK’s rules and cdk-nag’s' },
  { name: 'bare', what: 'the floor: two bare stacks, as the tests do it' },
];

/** The first `Template.fromStack` of a new process, and the imports before it. */
export function firstTemplate({ name }: TemplateContender): Promise<FirstTemplate> {
  return measureInChild(join(__dirname, 'first-template-process.cjs'), [name], {
    cwd: repository,
    execArgv: [...nodeArguments],
  });
}
