import type { SpanSkeleton, SpanType } from "@rivulet/core";
import type { SpanNode } from "../tree/span-tree.ts";
import { groupBy } from "./group-by.ts";
import { predecessors } from "./predecessors.ts";

/** Most boxes that are drawn; what is rarer shares one box for each kind. */
const MAX_NODES = 40;

/** Spans of one name and kind. */
export interface GraphNode {
  readonly key: string;
  readonly name: string;
  readonly type: SpanType;
  /** In the order of the tree. */
  readonly spans: readonly SpanSkeleton[];
}

/** How work went on from some spans to others. */
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** How many spans were called by one of the others, before any of their siblings had ended. */
  readonly calls: number;
  /** How many began when one of the others had ended, under the same parent. */
  readonly follows: number;
}

/** A trace as what led to what: loops of an agent are loops here. */
export interface SpanGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Joins spans of the same name and kind, and counts how work went from one to the next. */
export function buildGraph(nodes: readonly SpanNode[]): SpanGraph {
  const groups = groupSpans(nodes);
  const keyOf = new Map(groups.flatMap(({ key, spans }) => spans.map(({ id }) => [id, key])));
  return { nodes: groups, edges: edgesOf(nodes, keyOf) };
}

function groupSpans(nodes: readonly SpanNode[]): readonly GraphNode[] {
  const byName = groupBy(
    nodes.map(({ span }) => span),
    ({ type, name }) => `${type} ${name}`,
  );
  const groups = [...byName].map(([key, spans]) => nodeOf(key, spans));
  return groups.length <= MAX_NODES ? groups : joinRare(groups);
}

function nodeOf(key: string, spans: readonly SpanSkeleton[]): GraphNode {
  return { key, name: spans[0]?.name ?? "", type: spans[0]?.type ?? "unknown", spans };
}

/** The most frequent names stay; the spans of the others are joined by their kind. */
function joinRare(groups: readonly GraphNode[]): readonly GraphNode[] {
  const frequent = groups.toSorted((a, b) => b.spans.length - a.spans.length);
  const kept = new Set(frequent.slice(0, MAX_NODES));
  const rare = groupBy(
    groups.filter((group) => !kept.has(group)),
    ({ type }) => type,
  );
  const joined = [...rare].map(([type, some]) => ({
    key: `${type}\n`,
    name: some.length === 1 ? (some[0]?.name ?? "") : `${some.length} other names`,
    type,
    spans: some.flatMap(({ spans }) => spans),
  }));
  return [...groups.filter((group) => kept.has(group)), ...joined];
}

function edgesOf(
  nodes: readonly SpanNode[],
  keyOf: ReadonlyMap<string, string>,
): readonly GraphEdge[] {
  const edges = new Map<string, { from: string; to: string; calls: number; follows: number }>();
  const count = (from: string, to: string, kind: "calls" | "follows"): void => {
    const id = JSON.stringify([from, to]);
    const edge = edges.get(id) ?? { from, to, calls: 0, follows: 0 };
    edge[kind] += 1;
    edges.set(id, edge);
  };
  for (const siblings of groupBy(nodes, ({ parentId }) => parentId).values()) {
    const parent = keyOf.get(siblings[0]?.parentId ?? "");
    const steps = siblings.map(({ span }) => ({
      key: keyOf.get(span.id) ?? "",
      start: span.startTime,
      end: span.endTime ?? Number.POSITIVE_INFINITY,
    }));
    for (const { key, before } of predecessors(steps)) {
      if (before.length === 0 && parent !== undefined) count(parent, key, "calls");
      for (const from of before) count(from, key, "follows");
    }
  }
  return [...edges.values()];
}
