import type { Resolve } from './intrinsics';
import { physicalName, resourceArn } from './names';
import type { Place } from './settings';
import { isJsonObject, type JsonObject, type Stack, type TemplateResource } from './template';

/** A resource of a template and the name that the laptop gives it. */
export interface DeclaredResource {
  readonly stack: Stack;
  readonly name: string;
  readonly arn: string;
  readonly place: Place;
  readonly resource: TemplateResource;
}

/** A resource with every reference in its properties resolved. */
export interface ResolvedResource extends DeclaredResource {
  readonly properties: JsonObject;
}

/** The resources of the given types, in all stacks. */
export function declaredResources(stacks: readonly Stack[], types: readonly string[]): DeclaredResource[] {
  return stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources ?? {})
      .filter(([, { Type }]) => types.includes(Type))
      .map(([logicalId, resource]) => {
        const name = physicalName(stack.name, logicalId, resource);
        return {
          stack,
          name,
          arn: resourceArn(resource.Type, name) ?? name,
          place: { stack: stack.name, logicalId, type: resource.Type, path: '' },
          resource,
        };
      }),
  );
}

/** Resolves a resource's properties. A resource that exists under a condition only is refused. */
export function resolveResource(declared: DeclaredResource, resolve: Resolve): ResolvedResource {
  const { stack, place, resource } = declared;
  if (resource.Condition !== undefined) {
    throw new Error(
      `stack ${stack.name}, resource ${place.logicalId} (${place.type}): ` +
        `Condition ${resource.Condition} is not supported on the laptop`,
    );
  }
  const properties = resolve(stack, resource.Properties ?? {});
  return { ...declared, properties: isJsonObject(properties) ? properties : {} };
}
