import type { SpanSkeleton } from "@rivulet/core";

/** A span in its place in the tree. */
export interface SpanNode {
  readonly span: SpanSkeleton;
  /** 1 for roots. */
  readonly level: number;
  readonly parentId: string | undefined;
  readonly childCount: number;
  /** Its place among its siblings, from 1, and how many there are. */
  readonly position: number;
  readonly siblings: number;
}

/**
 * Spans as a flat list in the order of a tree, children by start time. A span whose parent is not there
 * counts as a root; so does one in a circle. Built once per trace, without recursion.
 */
export function buildTree(spans: readonly SpanSkeleton[]): readonly SpanNode[] {
  const ids = new Set(spans.map((span) => span.id));
  const children = new Map<string | undefined, SpanSkeleton[]>();
  for (const span of spans) {
    const parent =
      span.parentId !== undefined && ids.has(span.parentId) ? span.parentId : undefined;
    const siblings = children.get(parent) ?? [];
    siblings.push(span);
    children.set(parent, siblings);
  }
  for (const siblings of children.values()) siblings.sort((a, b) => a.startTime - b.startTime);
  const nodes: SpanNode[] = [];
  const seen = new Set<string>();
  walk({ children, nodes, seen }, children.get(undefined) ?? []);
  for (const span of spans) {
    if (!seen.has(span.id)) walk({ children, nodes, seen }, [span]);
  }
  return nodes;
}

interface Walk {
  readonly children: ReadonlyMap<string | undefined, readonly SpanSkeleton[]>;
  readonly nodes: SpanNode[];
  readonly seen: Set<string>;
}

function walk({ children, nodes, seen }: Walk, roots: readonly SpanSkeleton[]): void {
  const stack = nodesOf(roots, 1, undefined);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node.span.id)) continue;
    seen.add(node.span.id);
    const below = children.get(node.span.id) ?? [];
    nodes.push({ ...node, childCount: below.length });
    stack.push(...nodesOf(below, node.level + 1, node.span.id));
  }
}

/** Siblings as nodes, last first, as the stack wants them. */
function nodesOf(
  spans: readonly SpanSkeleton[],
  level: number,
  parentId: string | undefined,
): SpanNode[] {
  return spans
    .map((span, index) => ({
      span,
      level,
      parentId,
      childCount: 0,
      position: index + 1,
      siblings: spans.length,
    }))
    .reverse();
}

/** The nodes in view: those that are wanted, or, where all are, those not inside a closed branch. */
export function visibleNodes(
  nodes: readonly SpanNode[],
  closed: ReadonlySet<string>,
  wanted: ReadonlySet<string> | undefined,
): readonly SpanNode[] {
  if (wanted !== undefined) return nodes.filter(({ span }) => wanted.has(span.id));
  const shown: SpanNode[] = [];
  let hiddenBelow = Number.POSITIVE_INFINITY;
  for (const node of nodes) {
    if (node.level > hiddenBelow) continue;
    shown.push(node);
    hiddenBelow = closed.has(node.span.id) ? node.level : Number.POSITIVE_INFINITY;
  }
  return shown;
}
