import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import cdkJson from '../../cdk.json';
import { type Application, StackOutputs } from '../../contract/stack-outputs';
import { addPipeline, type Pipeline } from '../../lib/pipeline';
import { resolveSettings } from '../../lib/resolve-settings';

/** A CloudFormation resource as a template holds it. */
export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: assertions reach into free-form JSON.
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface Template {
  readonly Description: string;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

export const applications = Object.keys(StackOutputs) as Application[];
export type Templates = Readonly<Record<Application, Template>>;

/** An app as `bin/app.ts` makes it with these `-c` options, except that functions are not bundled. */
export function buildApp(context: Readonly<Record<string, unknown>> = {}): { app: App; pipeline: Pipeline } {
  const app = new App({
    analyticsReporting: false,
    context: { ...cdkJson.context, 'aws:cdk:bundling-stacks': [], ...context },
    outdir: mkdtempSync(join(tmpdir(), 'clickstream-synth-')),
  });
  return { app, pipeline: addPipeline(app, resolveSettings(app.node.getAllContext())) };
}

/** The templates of an app; synthesis takes a while, so share them between tests. */
export function synthesize({ app, pipeline }: ReturnType<typeof buildApp>): Templates {
  try {
    const assembly = app.synth();
    const template = (application: Application): Template =>
      assembly.getStackArtifact(pipeline[application].artifactId).template;
    return Object.fromEntries(applications.map((one) => [one, template(one)] as const)) as Templates;
  } finally {
    rmSync(app.outdir, { recursive: true });
  }
}

/** The templates that `cdk deploy -c …` would deploy. */
export function templatesOf(context: Readonly<Record<string, unknown>> = {}): Templates {
  return synthesize(buildApp(context));
}

/** Logical ids and resources of one type, in the template's order. */
export function resourcesOf(template: Template, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** Logical id and resource of the one of a type, or of the one whose logical id starts with `idStart`. */
export function only(template: Template, type: string, idStart = ''): readonly [string, Resource] {
  const found = resourcesOf(template, type).filter(([id]) => id.startsWith(idStart));
  expect(found).toHaveLength(1);
  return found[0]!;
}

export const attribute = (logicalId: string, name = 'Arn') => ({ 'Fn::GetAtt': [logicalId, name] });
export const reference = (logicalId: string) => ({ Ref: logicalId });
