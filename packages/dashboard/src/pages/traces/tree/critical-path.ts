import type { SpanNode } from "./span-tree.ts";
import type { Stretch } from "./time-scale.ts";

/** For each span that kept the trace from ending earlier: when the trace waited for itself, not for a span below it. */
export type CriticalPath = ReadonlyMap<string, readonly Stretch[]>;

interface Waited extends Stretch {
  readonly id: string | undefined;
}

/**
 * Walks back from the end of the trace: a span waited for the child that ended last, that child's start for the sibling
 * that ended last before it, and so on. Spans that ran beside those did not matter.
 */
export function criticalPath(nodes: readonly SpanNode[], now: number): CriticalPath {
  const children = childrenByEnd(nodes, now);
  const path = new Map<string, readonly Stretch[]>();
  const roots = children.get(undefined) ?? [];
  const end = Math.max(...roots.map((root) => root.end));
  const stack: Waited[] = [{ id: undefined, start: Number.NEGATIVE_INFINITY, end }];
  for (let waited = stack.pop(); waited !== undefined; waited = stack.pop()) {
    const { own, below } = splitWait(waited, children.get(waited.id) ?? []);
    if (waited.id !== undefined) path.set(waited.id, own);
    stack.push(...below);
  }
  return path;
}

/** When a span itself was waited for, and when one below it was. */
function splitWait(
  { start, end }: Waited,
  children: readonly Waited[],
): { readonly own: readonly Stretch[]; readonly below: readonly Waited[] } {
  const own: Stretch[] = [];
  const below: Waited[] = [];
  let until = end;
  for (const child of children) {
    // What outlives its parent was waited for no longer than the parent lasted.
    const childEnd = Math.min(child.end, end);
    if (childEnd > until || child.start >= until) continue;
    if (until > childEnd) own.push({ start: childEnd, end: until });
    below.push({ ...child, end: childEnd });
    until = child.start;
  }
  if (until > start) own.push({ start, end: until });
  return { own, below };
}

/** The spans below each span, the last to end first. */
function childrenByEnd(
  nodes: readonly SpanNode[],
  now: number,
): ReadonlyMap<string | undefined, readonly Waited[]> {
  const children = new Map<string | undefined, Waited[]>();
  for (const { span, parentId } of nodes) {
    const siblings = children.get(parentId) ?? [];
    siblings.push({ id: span.id, start: span.startTime, end: span.endTime ?? now });
    children.set(parentId, siblings);
  }
  for (const siblings of children.values()) siblings.sort((a, b) => b.end - a.end);
  return children;
}
