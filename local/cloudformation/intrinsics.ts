import { accountId, attributeOf, partition, physicalName, refOf, region } from './names';
import { isJsonObject, type Json, type JsonObject, type Stack } from './template';

/** Resolves the references of one value in a stack's template. */
export type Resolve = (stack: Stack, value: Json) => Json;

/** `AWS::NoValue`: the property that holds it is left out. */
const noValue: unique symbol = Symbol('AWS::NoValue');
type Resolved = Json | typeof noValue;

/**
 * Makes the resolver of a whole assembly, which follows exports from stack to stack. A reference to what
 * the laptop does not have, and a function that it does not know, throw and name the stack.
 */
export function createResolver(stacks: readonly Stack[]): Resolve {
  const exportsByName = new Map<string, () => Json>();

  const fail = (stack: Stack, what: string): never => {
    throw new Error(`stack ${stack.name}: ${what}`);
  };

  const text = (stack: Stack, value: Json, where: string): string => {
    const resolved = resolve(stack, value);
    if (typeof resolved === 'string') return resolved;
    if (typeof resolved === 'number' || typeof resolved === 'boolean') return String(resolved);
    return fail(stack, `${where} wants text, got ${JSON.stringify(value)}`);
  };

  const list = (stack: Stack, value: Json | undefined, where: string): readonly Json[] => {
    const resolved = resolve(stack, value ?? null);
    return Array.isArray(resolved)
      ? resolved
      : fail(stack, `${where} wants a list, got ${JSON.stringify(value)}`);
  };

  const reference = (stack: Stack, id: string): Resolved => {
    switch (id) {
      case 'AWS::Region':
        return region;
      case 'AWS::AccountId':
        return accountId;
      case 'AWS::Partition':
        return partition;
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return stack.name;
      case 'AWS::StackId':
        return `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stack.name}/local`;
      case 'AWS::NoValue':
        return noValue;
    }
    const resource = stack.template.Resources?.[id];
    if (resource) return refOf(resource.Type, physicalName(stack.name, id, resource));
    const parameter = stack.template.Parameters?.[id];
    if (parameter?.Default !== undefined) return parameter.Default;
    return fail(stack, `Ref ${id}: neither a resource nor a parameter with a default`);
  };

  const attribute = (stack: Stack, id: string, name: string): Json => {
    const resource = stack.template.Resources?.[id];
    if (!resource) return fail(stack, `Fn::GetAtt ${id}.${name}: there is no such resource`);
    return (
      attributeOf(resource.Type, physicalName(stack.name, id, resource), name) ??
      fail(stack, `Fn::GetAtt ${id}.${name}: the laptop does not know this attribute of ${resource.Type}`)
    );
  };

  const substitute = (stack: Stack, argument: Json): Json => {
    const [format, variables] = Array.isArray(argument) ? argument : [argument, {}];
    if (typeof format !== 'string' || !isJsonObject(variables)) {
      return fail(stack, `Fn::Sub of ${JSON.stringify(argument)}`);
    }
    return format.replace(/\$\{(!?)([^}]*)\}/g, (_match, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      const given = variables[name];
      if (given !== undefined) return text(stack, given, 'Fn::Sub');
      const dot = name.indexOf('.');
      const value =
        dot < 0 ? reference(stack, name) : attribute(stack, name.slice(0, dot), name.slice(dot + 1));
      return typeof value === 'string' ? value : fail(stack, `Fn::Sub of \${${name}}, which is not text`);
    });
  };

  const stackOutput = (stack: Stack, argument: Json): Json => {
    const { StackName, OutputName } = isJsonObject(argument) ? argument : {};
    const other = stacks.find((candidate) => candidate.name === StackName);
    const output = typeof OutputName === 'string' ? other?.template.Outputs?.[OutputName] : undefined;
    return other && output
      ? resolve(other, output.Value)
      : fail(
          stack,
          `Fn::GetStackOutput of ${String(StackName)}.${String(OutputName)}: there is no such output`,
        );
  };

  const call = (stack: Stack, name: string, argument: Json): Resolved => {
    switch (name) {
      case 'Ref':
        return reference(stack, String(argument));
      case 'Fn::GetAtt': {
        const [id, ...path] = Array.isArray(argument) ? argument : String(argument).split('.');
        return attribute(stack, String(id), path.join('.'));
      }
      case 'Fn::Join': {
        const [separator, parts] = Array.isArray(argument) ? argument : [];
        return list(stack, parts, name)
          .map((part) => text(stack, part, name))
          .join(String(separator));
      }
      case 'Fn::Sub':
        return substitute(stack, argument);
      case 'Fn::FindInMap': {
        const [map, first, second] = list(stack, argument, name).map(String);
        const value = stack.template.Mappings?.[map ?? '']?.[first ?? '']?.[second ?? ''];
        return value ?? fail(stack, `Fn::FindInMap: there is no ${map}.${first}.${second}`);
      }
      case 'Fn::Select': {
        const [index, from] = Array.isArray(argument) ? argument : [];
        const item = list(stack, from, name)[Number(index)];
        return item ?? fail(stack, `Fn::Select: there is no item ${String(index)}`);
      }
      case 'Fn::Split': {
        const [separator, source] = Array.isArray(argument) ? argument : [];
        return text(stack, source ?? null, name).split(String(separator));
      }
      case 'Fn::ImportValue': {
        const exportName = text(stack, argument, name);
        const exported = exportsByName.get(exportName);
        return exported ? exported() : fail(stack, `Fn::ImportValue: no stack exports ${exportName}`);
      }
      case 'Fn::GetStackOutput':
        return stackOutput(stack, argument);
      default:
        return fail(stack, `${name} is not supported on the laptop`);
    }
  };

  const resolveAny = (stack: Stack, value: Json): Resolved => {
    if (Array.isArray(value)) {
      return value.map((item) => resolveAny(stack, item)).filter((item): item is Json => item !== noValue);
    }
    if (!isJsonObject(value)) return value;
    const keys = Object.keys(value);
    const [only] = keys;
    if (keys.length === 1 && only !== undefined && (only === 'Ref' || only.startsWith('Fn::'))) {
      return call(stack, only, value[only] ?? null);
    }
    const resolved: Record<string, Json> = {};
    for (const [key, item] of Object.entries(value as JsonObject)) {
      const resolvedItem = resolveAny(stack, item ?? null);
      if (resolvedItem !== noValue) resolved[key] = resolvedItem;
    }
    return resolved;
  };

  const resolve: Resolve = (stack, value) => {
    const resolved = resolveAny(stack, value);
    return resolved === noValue ? null : resolved;
  };

  for (const stack of stacks) {
    for (const output of Object.values(stack.template.Outputs ?? {})) {
      if (!output.Export) continue;
      exportsByName.set(text(stack, output.Export.Name, 'the name of an export'), () =>
        resolve(stack, output.Value),
      );
    }
  }
  return resolve;
}
