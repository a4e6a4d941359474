import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { repository } from '../bundle';
import type { Making } from './make-template';
import type { CommandTime } from './timed-command';

export interface FirstTemplate {
  readonly importing: CommandTime;
  /** The app, its synthesis, and the template of one stack. */
  readonly first: CommandTime;
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
export async function firstTemplate({ name }: TemplateContender): Promise<FirstTemplate> {
  const child = fork(join(__dirname, 'first-template-process.cjs'), [name], {
    cwd: repository,
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const message = once(child, 'message').then(([measured]) => measured as FirstTemplate);
  const failed = ended.then(([code]) => Promise.reject(new Error(`${name} ended with code ${code}`)));
  const result = await Promise.race([message, failed]);
  await ended;
  return result;
}
