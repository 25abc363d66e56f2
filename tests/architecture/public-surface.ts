import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type BindingIdentifier,
  type Class,
  type Directive,
  type ExportNamedDeclaration,
  type Node,
  parseSync,
  type Statement,
  visitorKeys,
} from "oxc-parser";

type TopLevel = Directive | Statement;

/** A source file, parsed. */
interface Source {
  readonly path: string;
  readonly text: string;
  readonly statements: readonly TopLevel[];
  /** Offsets at which a TSDoc comment ends. */
  readonly docEnds: readonly number[];
}

/** Something that an entry exports, or a member of it. */
export interface Documentable {
  /** `Page.items`, or `Page` for the export itself. */
  readonly name: string;
  /** `packages/domain/src/page.ts:12`. */
  readonly place: string;
  /** Whether a TSDoc comment stands directly in front of it. */
  readonly documented: boolean;
}

const parsed = new Map<string, Source>();

/**
 * Everything that the entries of a package export from its own files, with the members of the interfaces, type
 * literals and classes among it. What a package passes on from another package is counted there.
 */
export function publicSurface(entries: readonly string[]): readonly Documentable[] {
  const found = new Map<string, Documentable>();
  for (const entry of entries) {
    for (const [name, { source, node }] of exportsOf(parse(entry))) {
      for (const item of documentables({ name, source, node })) {
        found.set(`${item.place} ${item.name}`, item);
      }
    }
  }
  return [...found.values()];
}

interface Declared {
  readonly source: Source;
  /** The statement that declares it, or the variable's statement. */
  readonly node: Node;
}

function parse(path: string): Source {
  const known = parsed.get(path);
  if (known !== undefined) return known;
  const text = readFileSync(path, "utf8");
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const docEnds = comments
    .filter(({ type, value }) => type === "Block" && value.startsWith("*"))
    .map(({ end }) => end);
  const source: Source = { path, text, statements: program.body, docEnds };
  parsed.set(path, source);
  return source;
}

function exportsOf(source: Source): ReadonlyMap<string, Declared> {
  const found = new Map<string, Declared>();
  for (const statement of source.statements) {
    if (statement.type === "ExportAllDeclaration") {
      for (const [name, declared] of exportsFrom(source, statement.source.value)) {
        found.set(name, declared);
      }
    }
    if (statement.type === "ExportNamedDeclaration") {
      for (const [name, declared] of namedExports(source, statement)) found.set(name, declared);
    }
  }
  return found;
}

function exportsFrom(source: Source, specifier: string): ReadonlyMap<string, Declared> {
  return specifier.startsWith(".")
    ? exportsOf(parse(join(dirname(source.path), specifier)))
    : new Map();
}

function namedExports(source: Source, statement: ExportNamedDeclaration): [string, Declared][] {
  if (statement.declaration !== null) {
    return declaredNames(statement.declaration).map((name) => [name, { source, node: statement }]);
  }
  return statement.specifiers.flatMap(({ local, exported }): [string, Declared][] => {
    const declared =
      statement.source === null
        ? findLocal(source, nameOf(local))
        : exportsFrom(source, statement.source.value).get(nameOf(local));
    return declared === undefined ? [] : [[nameOf(exported), declared]];
  });
}

/** `export { name }` of something declared in this file or imported from a neighbour. */
function findLocal(source: Source, name: string): Declared | undefined {
  for (const statement of source.statements) {
    if (statement.type === "ImportDeclaration") {
      const specifier = statement.specifiers.find(({ local }) => local.name === name);
      if (specifier?.type === "ImportSpecifier") {
        return exportsFrom(source, statement.source.value).get(nameOf(specifier.imported));
      }
    }
    if (declaredNames(statement).includes(name)) return { source, node: statement };
  }
  return undefined;
}

function declaredNames(node: Node): readonly string[] {
  if (node.type === "VariableDeclaration") {
    return node.declarations.flatMap(({ id }) => (id.type === "Identifier" ? [id.name] : []));
  }
  const id = "id" in node ? node.id : undefined;
  return isIdentifier(id) ? [id.name] : [];
}

function isIdentifier(id: unknown): id is BindingIdentifier {
  return typeof id === "object" && id !== null && "name" in id && typeof id.name === "string";
}

function nameOf(node: { name: string } | { value: string }): string {
  return "name" in node ? node.name : node.value;
}

interface Named extends Declared {
  readonly name: string;
}

function documentables({ name, source, node }: Named): readonly Documentable[] {
  const members: Named[] = [];
  const declaration = node.type === "ExportNamedDeclaration" ? node.declaration : node;
  if (declaration !== null) collectMembers({ name, source, node: declaration }, members);
  return [{ name, source, node }, ...members].map((item) => ({
    name: item.name,
    place: placeOf(item),
    documented: isDocumented(item),
  }));
}

function collectMembers({ name, source, node }: Named, members: Named[]): void {
  switch (node.type) {
    case "TSInterfaceDeclaration":
      collectInside({ name, source, node: node.body }, members);
      break;
    case "TSTypeAliasDeclaration":
      collectInside({ name, source, node: node.typeAnnotation }, members);
      break;
    case "ClassDeclaration":
      for (const member of classMembers(node)) {
        members.push({ name: `${name}.${member.name}`, source, node: member.node });
      }
      break;
    default:
  }
}

/** Types whose literals are no members of what is declared, but of a parameter or a computation. */
const CLOSED = new Set([
  "TSFunctionType",
  "TSConstructorType",
  "TSConditionalType",
  "TSMappedType",
  "TSTypeParameterDeclaration",
]);

function collectInside({ name, source, node }: Named, members: Named[]): void {
  if (CLOSED.has(node.type)) return;
  if (node.type === "TSMethodSignature" || node.type === "TSPropertySignature") {
    const member = `${name}.${keyName(node.key)}`;
    members.push({ name: member, source, node });
    if (node.type === "TSPropertySignature" && node.typeAnnotation) {
      collectInside({ name: member, source, node: node.typeAnnotation }, members);
    }
    return;
  }
  for (const child of childrenOf(node)) collectInside({ name, source, node: child }, members);
}

function childrenOf(node: Node): readonly Node[] {
  return (visitorKeys[node.type] ?? []).flatMap((key) => {
    const value: unknown = Reflect.get(node, key);
    return (Array.isArray(value) ? value : [value]).filter(isNode);
  });
}

function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value;
}

/** What a user of the class sees and what no base class describes. */
function classMembers(node: Class): readonly { name: string; node: Node }[] {
  return node.body.body.flatMap((member) => {
    if (member.type !== "MethodDefinition" && member.type !== "PropertyDefinition") return [];
    const hidden = member.accessibility === "private" || member.accessibility === "protected";
    if (hidden || member.override || member.key.type === "PrivateIdentifier") return [];
    return [{ name: keyName(member.key), node: member }];
  });
}

function keyName(key: Node): string {
  if (key.type === "Identifier") return key.name;
  if (key.type === "Literal") return String(key.value);
  return key.type === "MemberExpression" ? `[${keyName(key.property)}]` : key.type;
}

function isDocumented({ source, node }: Named): boolean {
  return source.docEnds.some(
    (end) => end <= node.start && source.text.slice(end, node.start).trim() === "",
  );
}

function placeOf({ source, node }: Named): string {
  const line = source.text.slice(0, node.start).split("\n").length;
  return `${source.path}:${line}`;
}
