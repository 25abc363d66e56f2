import type { SpanSkeleton } from "@rivulet/core";
import { buildTree } from "../tree/span-tree.ts";

/** A step of two traces: the span that it is in each. */
export interface AlignedSpan {
  /** Its place in the tree: unique, and the same for every comparison of the two. */
  readonly path: string;
  readonly name: string;
  /** 1 for roots. */
  readonly level: number;
  readonly a?: SpanSkeleton | undefined;
  readonly b?: SpanSkeleton | undefined;
}

/** The spans below each span by what they are matched by; those at the top are below `undefined`. */
type Children = ReadonlyMap<string | undefined, ReadonlyMap<string, SpanSkeleton>>;

/**
 * Spans of two traces side by side. Those with the same names above them and the same name are the same step, the second
 * of a name being the second of it. Roots are the same whatever they are called.
 */
export function alignSpans(
  a: readonly SpanSkeleton[],
  b: readonly SpanSkeleton[],
): readonly AlignedSpan[] {
  const [inA, inB] = [childrenOf(a), childrenOf(b)];
  const rows: AlignedSpan[] = [];
  const stack = pairs(inA.get(undefined), inB.get(undefined), { path: "", level: 0 });
  for (let row = stack.pop(); row !== undefined; row = stack.pop()) {
    rows.push(row);
    stack.push(...pairs(below(inA, row.a), below(inB, row.b), row));
  }
  return rows;
}

function below(children: Children, span: SpanSkeleton | undefined) {
  return span === undefined ? undefined : children.get(span.id);
}

/** The steps below one, last first, as the stack wants them: those of `a`, then what only `b` has. */
function pairs(
  a: ReadonlyMap<string, SpanSkeleton> = new Map(),
  b: ReadonlyMap<string, SpanSkeleton> = new Map(),
  { path, level }: Pick<AlignedSpan, "path" | "level">,
): AlignedSpan[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((key) => {
      const [left, right] = [a.get(key), b.get(key)];
      const name = left?.name ?? right?.name ?? "";
      return { path: `${path}/${key}`, name, level: level + 1, a: left, b: right };
    })
    .reverse();
}

function childrenOf(spans: readonly SpanSkeleton[]): Children {
  const children = new Map<string | undefined, Map<string, SpanSkeleton>>();
  for (const { span, parentId } of buildTree(spans)) {
    const siblings = children.get(parentId) ?? new Map<string, SpanSkeleton>();
    const name = parentId === undefined ? "" : span.name;
    let count = 1;
    while (siblings.has(`${count} ${name}`)) count += 1;
    siblings.set(`${count} ${name}`, span);
    children.set(parentId, siblings);
  }
  return children;
}
