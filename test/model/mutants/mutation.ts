import { definitionsOf, moduleNames, type Node, nameOf, nodesIn, Source, type Span } from './syntax-tree';

/** A change of code, by what the code is, and not by how it is written or what its variables are called. */
export interface Mutation {
  /** @throws Error if the code that it changes is not there, or there more often than it says */
  replacements(definitions: readonly Node[], source: Source): readonly Replacement[];
}

interface Replacement {
  readonly span: Span;
  readonly text: string;
}

/** Which of several: the first of three is `[1, 3]`. Without it there must be one. */
export type Which = readonly [number: number, of: number];

/** What is replaced, `&`, and what of it a template may take: its operands or arguments by number, and what it is of, `0`. */
type Parts = Readonly<Record<string, Node | undefined>>;

/**
 * Replaces something of a function. A template may hold its parts, `$&`, `$0`, `$1` …; `$other.1` is the first argument of the
 * only call of `other` in the function. Other names must be the module's own, since those of variables may change.
 */
function replacement(
  anchor: string,
  partsOf: (node: Node) => Parts | undefined,
  template: string,
  which?: Which,
): Mutation {
  return {
    replacements: (definitions, source) => {
      const parts = oneOf(partsIn(definitions, partsOf), anchor, which);
      expectKnownNames(template, source);
      const text = template.replace(/\$(?:(\w+)\.)?(\d|&)/g, (_, call: string | undefined, part: string) => {
        const all = call
          ? oneOf(
              partsIn(definitions, (node) => callParts(node, call)),
              `call of ${call}`,
            )
          : parts;
        if (!all[part]) throw new Error(`${anchor}: has no part ${part}`);
        return source.textOf(all[part]);
      });
      return [{ span: parts['&']!.span, text }];
    },
  };
}

/**
 * Of everything that has such parts, in the order of the source. An optional chain and what it is made of have one place,
 * and count once.
 */
function partsIn(definitions: readonly Node[], partsOf: (node: Node) => Parts | undefined): Parts[] {
  const found = new Map<string, Parts & { readonly '&': Node }>();
  for (const node of definitions.flatMap((root) => [...nodesIn(root)])) {
    const parts = partsOf(node);
    const whole = parts?.['&'] ?? node;
    if (parts) found.set(`${whole.span.start} ${whole.span.end}`, { ...parts, '&': whole });
  }
  return [...found.values()].sort(
    ({ '&': { span: a } }, { '&': { span: b } }) => a.start - b.start || b.end - a.end,
  );
}

function oneOf<T>(found: readonly T[], anchor: string, [number, of]: Which = [1, 1]): T {
  if (found.length !== of) throw new Error(`${anchor}: is there ${found.length} times; must be ${of}`);
  return found[number - 1]!;
}

/** Or a mutant would be caught for a name that nothing has. */
function expectKnownNames(template: string, source: Source): void {
  const code = template.replace(/\$(?:\w+\.)?[\d&]/g, 'null');
  const known = moduleNames(source);
  const used = new Set<string>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as Node;
    const name = nameOf(value);
    if (name !== undefined) used.add(name);
    for (const [field, child] of Object.entries(node)) {
      // What is named behind a point, or before a colon, is no variable; what the template declares is its own.
      if (field === 'property' || field === 'key') {
        if (nameOf(child) === undefined) visit(child);
      } else if (field === 'params' || (node.type === 'ForOfStatement' && field === 'left')) {
        for (const one of nodesIn(child)) known.add(nameOf(one) ?? nameOf(one.key) ?? '');
      } else visit(child);
    }
  };
  visit(new Source(`(async () => [${code}])`).module.body);
  const text = source.textOf(source.module);
  const fields = [...code.matchAll(/\bthis\.\w+/g)].map(([field]) => field);
  const unknown = [
    ...[...used].filter((name) => !known.has(name) && !(name in globalThis)),
    ...fields.filter((field) => !text.includes(field)),
  ];
  if (unknown.length > 0) throw new Error(`${template}: the module has no ${unknown.join(', ')}`);
}

/** A call of a function or of a method. */
export function call(name: string, template: string, which?: Which): Mutation {
  return replacement(`call of ${name}`, (node) => callParts(node, name), template, which);
}

function callParts(node: Node, name: string): Parts | undefined {
  const {
    type,
    callee,
    arguments: args,
  } = withoutQuestion(node) as Node & {
    readonly callee: Node;
    readonly arguments: readonly { readonly expression: Node }[];
  };
  if (type !== 'CallExpression') return undefined;
  const { property, object } = withoutQuestion(callee) as Node & { readonly object?: Node };
  if ((nameOf(callee) ?? nameOf(property)) !== name) return undefined;
  return { 0: object, ...Object.fromEntries(args.map(({ expression }, index) => [index + 1, expression])) };
}

/** Of `a?.b`, what it would be without the question mark. */
function withoutQuestion(node: Node): Node {
  return node.type === 'OptionalChainingExpression' ? (node.base as Node) : node;
}

/** An operator of one or two operands. */
export function operator(sign: string, template: string, which?: Which): Mutation {
  const partsOf = ({ type, operator, left, right, argument }: Node): Parts | undefined => {
    if (operator !== sign || !['BinaryExpression', 'UnaryExpression'].includes(type)) return undefined;
    return { 1: (left ?? argument) as Node, 2: right as Node | undefined };
  };
  return replacement(`operator ${sign}`, partsOf, template, which);
}

/** `object.name`. */
export function member(name: string, template: string, which?: Which): Mutation {
  const partsOf = (node: Node): Parts | undefined => {
    const { type, property, object } = withoutQuestion(node);
    return type === 'MemberExpression' && nameOf(property) === name ? { 0: object as Node } : undefined;
  };
  return replacement(`member ${name}`, partsOf, template, which);
}

/** `object[index]`. */
export function element(template: string, which?: Which): Mutation {
  const partsOf = (node: Node): Parts | undefined => {
    const { type, property, object } = withoutQuestion(node);
    return type === 'MemberExpression' && (property as Node).type === 'Computed'
      ? { 0: object as Node }
      : undefined;
  };
  return replacement('element', partsOf, template, which);
}

/** What is written by a name that the module has. */
export function constant(name: string, template: string, which?: Which): Mutation {
  return replacement(name, (node) => (nameOf(node) === name ? {} : undefined), template, which);
}

/** The value of a property in an object literal. */
export function property(key: string, template: string, which?: Which): Mutation {
  const partsOf = ({ type, key: name, value }: Node): Parts | undefined =>
    type === 'KeyValueProperty' && nameOf(name) === key ? { '&': value as Node } : undefined;
  return replacement(`property ${key}`, partsOf, template, which);
}

/** What an `if`, a loop or a choice (`a ? b : c`) asks for. */
export function condition(of: 'if' | 'while' | 'choice', template: string, which?: Which): Mutation {
  const typeOf = { if: 'IfStatement', while: 'WhileStatement', choice: 'ConditionalExpression' }[of];
  const partsOf = ({ type, test }: Node): Parts | undefined =>
    type === typeOf ? { '&': test as Node } : undefined;
  return replacement(`condition of ${of}`, partsOf, template, which);
}

export function returned(template: string, which?: Which): Mutation {
  const partsOf = ({ type, argument }: Node): Parts | undefined =>
    type === 'ReturnStatement' ? { '&': argument as Node } : undefined;
  return replacement('return', partsOf, template, which);
}

/** A template literal; its parts are its expressions. */
export function interpolation(template: string, which?: Which): Mutation {
  const partsOf = ({ type, expressions }: Node): Parts | undefined =>
    type === 'TemplateLiteral'
      ? Object.fromEntries((expressions as Node[]).map((one, index) => [index + 1, one]))
      : undefined;
  return replacement('template literal', partsOf, template, which);
}

export function number(value: number, template: string, which?: Which): Mutation {
  const partsOf = (node: Node): Parts | undefined =>
    node.type === 'NumericLiteral' && node.value === value ? {} : undefined;
  return replacement(`number ${value}`, partsOf, template, which);
}

/** Words of a text that the code sends or stores, which are no matter of style. */
export function words(of: string, become: string): Mutation {
  return {
    replacements: (definitions, source) => {
      const texts = definitions
        .flatMap((root) => [...nodesIn(root)])
        .filter(({ type }) => type === 'StringLiteral' || type === 'TemplateElement')
        .filter((node) => source.textOf(node).includes(of));
      const text = oneOf(texts, `text "${of}"`);
      return [{ span: text.span, text: source.textOf(text).replace(of, become) }];
    },
  };
}

/** A statement that calls something of this name, or assigns to a member of this name, is left out. */
export function without(name: string, which?: Which): Mutation {
  const partsOf = ({ type, expression }: Node): Parts | undefined => {
    if (type !== 'ExpressionStatement') return undefined;
    const does = expression as Node;
    const { type: kind, left } = does;
    const isAssigned = kind === 'AssignmentExpression' && nameOf((left as Node).property) === name;
    return isAssigned || callParts(does, name) ? { '&': does } : undefined;
  };
  return replacement(`statement with ${name}`, partsOf, 'undefined', which);
}

/**
 * The statement in which `first` is called moves behind the one, in the same block, in which `behind` is called; behind a
 * return it is done if that returns something.
 */
export function moved(first: string, behind: string): Mutation {
  return {
    replacements: (definitions, source) => {
      const calls = (name: string) => (statement: Node) =>
        [...nodesIn(statement)].some((node) => callParts(node, name));
      const places = definitions
        .flatMap((root) => [...nodesIn(root)])
        .flatMap(({ stmts }) => {
          const all = (stmts ?? []) as Node[];
          const [from, to] = [all.find(calls(first)), all.find(calls(behind))];
          return from && to && from !== to ? [{ from, to }] : [];
        });
      const { from, to } = oneOf(places, `${first} before ${behind}`);
      const text = source.textOf(from);
      const both =
        to.type === 'ReturnStatement'
          ? `const returned = await (${source.textOf(to.argument as Node)}); if (returned) { ${text} } return returned;`
          : `${source.textOf(to)}; ${text}`;
      return [
        { span: from.span, text: '' },
        { span: to.span, text: both },
      ];
    },
  };
}

/**
 * A module's text with mutations of one of its functions.
 *
 * @param within the function's name, or a class's; `Class.method` where several have the name
 * @throws Error if what they change is not there: the code has moved on, and they have to follow
 */
export function mutated(text: string, within: string, mutations: readonly Mutation[], imports = ''): string {
  const source = new Source(imports + text);
  const definitions = definitionsOf(source, within);
  return source.with(mutations.flatMap((one) => one.replacements(definitions, source)));
}
