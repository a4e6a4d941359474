import { parseSync } from '@swc/core';

/** A node of a syntax tree: a type, a place (but for properties), and whatever the type has. */
export interface Node {
  readonly type: string;
  readonly span: Span;
  readonly [field: string]: unknown;
}

/** In bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** TypeScript, and its tree. */
export class Source {
  readonly module: Node;
  private readonly bytes: Buffer;

  /** @throws Error for what is no TypeScript */
  constructor(text: string) {
    // swc counts a module's bytes from its first statement on: from 1, if that is the first byte.
    this.bytes = Buffer.from(` ;${text}`);
    this.module = parseSync(`;${text}`, { syntax: 'typescript', target: 'es2022' }) as unknown as Node;
  }

  textOf({ span }: { readonly span: Span }): string {
    return this.bytes.toString('utf8', span.start, span.end);
  }

  /** The whole text, with some parts replaced that do not overlap. */
  with(replacements: readonly { readonly span: Span; readonly text: string }[]): string {
    let at = 2;
    let text = '';
    for (const { span, text: replacement } of [...replacements].sort((a, b) => a.span.start - b.span.start)) {
      if (span.start < at) throw new Error('two changes of one place');
      text += this.bytes.toString('utf8', at, span.start) + replacement;
      at = span.end;
    }
    return text + this.bytes.toString('utf8', at);
  }
}

/** What has types alone: it is gone before anything runs. */
const isTypeOnly = (type: string): boolean =>
  /^Ts(?!As|Const|NonNull|Satisfies|ParameterProperty|TypeAssertion)/.test(type);

/** A node and all that is in it, what contains others before these, without types. */
export function* nodesIn(root: unknown): Generator<Node> {
  if (typeof root !== 'object' || root === null) return;
  if (isNode(root)) {
    if (isTypeOnly(root.type)) return;
    yield root;
  }
  for (const child of Object.values(root)) yield* nodesIn(child);
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value;
}

/** The name that an identifier has, or a property that is named by one. */
export function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' ? (node.value as string) : undefined;
}

/**
 * Functions, methods and classes of a name: `name`, or `Class.name`, wherever they are defined.
 *
 * @throws Error if there is none
 */
export function definitionsOf(source: Source, name: string): Node[] {
  const [last, owner] = name.split('.').reverse() as [string, string?];
  const roots = owner === undefined ? [source.module] : definitionsOf(source, owner);
  const found = roots.flatMap((root) => [...nodesIn(root)].filter((node) => definedName(node) === last));
  if (found.length === 0) throw new Error(`${name} is not defined`);
  return found;
}

function definedName(node: Node): string | undefined {
  switch (node.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return nameOf(node.identifier);
    case 'ClassMethod':
    case 'MethodProperty':
      return nameOf(node.key);
    case 'ClassProperty':
    case 'KeyValueProperty':
      return isFunction(node.value) ? nameOf(node.key) : undefined;
    case 'VariableDeclarator':
      return isFunction(node.init) || isObject(node.init) ? nameOf(node.id) : undefined;
    default:
      return undefined;
  }
}

const isFunction = (node: unknown): boolean =>
  isNode(node) && ['ArrowFunctionExpression', 'FunctionExpression'].includes(node.type);
const isObject = (node: unknown): boolean => isNode(node) && node.type === 'ObjectExpression';

/** Names that a module has of its own: its imports, what it declares, and all of its functions. */
export function moduleNames({ module }: Source): Set<string> {
  const names = new Set<string>();
  const declared = (node: unknown): void => {
    for (const one of nodesIn(node)) if (one.type === 'Identifier') names.add(one.value as string);
  };
  for (const node of nodesIn(module)) names.add(definedName(node) ?? '');
  for (const statement of module.body as Node[]) {
    const declaration = (statement.declaration as Node | undefined) ?? statement;
    for (const specifier of (declaration.specifiers as Node[] | undefined) ?? []) declared(specifier.local);
    for (const { id } of (declaration.declarations as Node[] | undefined) ?? []) declared(id);
    declared(declaration.identifier);
  }
  return names;
}
