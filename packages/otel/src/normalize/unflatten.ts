/** Lists longer than this are left as they are: an index is a number that anybody can write. */
const MAX_ITEMS = 10_000;
/** Deeper names are kept as one. */
const MAX_DEPTH = 16;

type Node = Map<string, Node | { readonly leaf: unknown }>;

/**
 * The value that was written as attributes with dots in their names: `0.message.role` is the role of the first item's
 * message. Objects whose names are numbers are lists, without gaps.
 */
export function unflatten(entries: Iterable<readonly [string, unknown]>): unknown {
  const root: Node = new Map();
  for (const [path, value] of entries) place(root, path.split("."), value);
  return toValue(root);
}

function place(root: Node, names: readonly string[], leaf: unknown): void {
  let node = root;
  const folders = names.slice(0, Math.min(names.length, MAX_DEPTH) - 1);
  for (const name of folders) {
    const known = node.get(name);
    if (known instanceof Map) {
      node = known;
      continue;
    }
    const inner: Node = new Map();
    // A value and values below it, by one name: the value stands among them without one.
    if (known !== undefined) inner.set("", known);
    node.set(name, inner);
    node = inner;
  }
  const name = names.slice(folders.length).join(".");
  const known = node.get(name);
  if (known instanceof Map) known.set("", { leaf });
  else node.set(name, { leaf });
}

function toValue(node: Node): unknown {
  const entries = [...node].map(([name, inner]): [string, unknown] => [
    name,
    inner instanceof Map ? toValue(inner) : inner.leaf,
  ]);
  if (!isList(entries)) return Object.fromEntries(entries);
  return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
}

function isList(entries: readonly [string, unknown][]): boolean {
  return (
    entries.length > 0 &&
    entries.length <= MAX_ITEMS &&
    entries.every(([name]) => /^(?:0|[1-9]\d{0,8})$/.test(name))
  );
}
