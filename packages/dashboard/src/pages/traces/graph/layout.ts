import { type Line, rankNames } from "./layers.ts";
import { type Item, placeItems } from "./place-items.ts";
import type { GraphEdge, SpanGraph } from "./span-graph.ts";

const BOX = { width: 184, height: 52 };
/** Room between layers, and for a line that passes boxes. */
const ROOM = 44;
const LANE = 12;
const MARGIN = 16;
/** How far from a box's middle lines go up, so that they are not upon those that go down, and how wide they bend. */
const BESIDE = 56;
const BEND = 12;

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line as it is drawn: from point to point, its count beside `label`. */
export interface DrawnEdge {
  readonly edge: GraphEdge;
  readonly path: string;
  readonly label: Point;
  readonly tip: Point;
  /** Degrees by which the tip of the arrow, which points down, is turned. */
  readonly turn: number;
}

/** A graph with its places, in pixels. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Left upper corners of boxes by their keys, in reading order. */
  readonly boxes: ReadonlyMap<string, Point>;
  readonly edges: readonly DrawnEdge[];
}

/** Draws a graph from top to bottom; loops go back at the right of what they loop over. */
export function drawGraph({ nodes, edges }: SpanGraph): Drawing {
  const { rank, goesDown } = rankNames(
    nodes.map(({ key }) => key),
    edges,
  );
  const layers = Array.from({ length: 1 + Math.max(0, ...rank.values()) }, (): Item[] => []);
  const items = new Map<string, Item>();
  for (const [key, layer] of rank) items.set(key, addItem(layers[layer], key, BOX.width));
  const ways = new Map(
    edges.filter(goesDown).map((edge) => [edge, wayOf(edge, { rank, layers, items })] as const),
  );
  placeItems(layers);
  const top = (layer: number): number => MARGIN + layer * (BOX.height + ROOM);
  const middle = (key: string): Point => ({
    x: MARGIN + (items.get(key)?.x ?? 0),
    y: top(rank.get(key) ?? 0) + BOX.height / 2,
  });
  let right = Math.max(0, ...layers.flat().map(({ x, width }) => x + width / 2)) + MARGIN;
  const drawn = edges.map((edge) => {
    const way = ways.get(edge);
    if (way !== undefined) {
      const first = rank.get(edge.from) ?? 0;
      return downwards(
        edge,
        way.map(({ x }, index) => ({ x: MARGIN + x, y: top(first + index) })),
      );
    }
    if (edge.from === edge.to) return aroundItself(edge, middle(edge.from));
    right += LANE;
    return backwards(edge, { from: middle(edge.from), to: middle(edge.to), lane: right });
  });
  const boxes = layers
    .flat()
    .filter(({ id }) => rank.has(id))
    .map(({ id }): [string, Point] => {
      const { x, y } = middle(id);
      return [id, { x: x - BOX.width / 2, y: y - BOX.height / 2 }];
    });
  return {
    width: right + 3 * MARGIN,
    height: top(layers.length) - ROOM + MARGIN,
    boxes: new Map(boxes),
    edges: drawn,
  };
}

function addItem(layer: Item[] | undefined, id: string, width: number): Item {
  const item: Item = { id, width, up: [], down: [], x: 0 };
  layer?.push(item);
  return item;
}

interface Places {
  readonly rank: ReadonlyMap<string, number>;
  readonly layers: Item[][];
  readonly items: ReadonlyMap<string, Item>;
}

/** What a line passes on its way down: its own lane in each layer between its ends. */
function wayOf({ from, to }: Line, { rank, layers, items }: Places): readonly Item[] {
  const [first, last] = [items.get(from), items.get(to)];
  if (first === undefined || last === undefined) return [];
  const between = layers
    .slice((rank.get(from) ?? 0) + 1, rank.get(to) ?? 0)
    .map((layer) => addItem(layer, "", LANE));
  const way = [first, ...between, last];
  for (const [index, item] of way.entries()) {
    const next = way[index + 1];
    if (next === undefined) continue;
    item.down.push(next);
    next.up.push(item);
  }
  return way;
}

/** `tops` are the upper edges of the layers that are passed, at the line's place in them. */
function downwards(edge: GraphEdge, tops: readonly Point[]): DrawnEdge {
  const [first = { x: 0, y: 0 }] = tops;
  let path = `M${first.x} ${first.y + BOX.height}`;
  for (const [index, { x, y }] of tops.entries()) {
    if (index === 0) continue;
    const from = tops[index - 1] ?? first;
    path += `C${from.x} ${y - ROOM / 3} ${x} ${y - (2 * ROOM) / 3} ${x} ${y}`;
    if (index < tops.length - 1) path += `V${y + BOX.height}`;
  }
  const tip = tops.at(-1) ?? first;
  const last = tops.at(-2) ?? first;
  return { edge, path, tip, turn: 0, label: { x: (tip.x + last.x) / 2, y: tip.y - ROOM / 2 } };
}

/** From the top of a box to the bottom of one above it; past layers between them at the right of all boxes. */
function backwards(
  edge: GraphEdge,
  { from, to, lane }: { readonly from: Point; readonly to: Point; readonly lane: number },
): DrawnEdge {
  const start = { x: from.x + BESIDE, y: from.y - BOX.height / 2 };
  const tip = { x: to.x + BESIDE, y: to.y + BOX.height / 2 };
  const [low, high] = [start.y - ROOM / 3, tip.y + ROOM / 3];
  const isNext = start.y - tip.y <= ROOM;
  const path = isNext
    ? `M${start.x} ${start.y}C${start.x} ${high} ${tip.x} ${low} ${tip.x} ${tip.y}`
    : `M${start.x} ${start.y}Q${start.x} ${low} ${start.x + BEND} ${low}H${lane - BEND}` +
      `Q${lane} ${low} ${lane} ${low - BEND}V${high + BEND}Q${lane} ${high} ${lane - BEND} ${high}` +
      `H${tip.x + BEND}Q${tip.x} ${high} ${tip.x} ${tip.y}`;
  const x = isNext ? (start.x + tip.x) / 2 : lane;
  return { edge, path, tip, turn: 180, label: { x, y: (start.y + tip.y) / 2 } };
}

function aroundItself(edge: GraphEdge, { x, y }: Point): DrawnEdge {
  const side = x + BOX.width / 2;
  const path = `M${side} ${y + 14}C${side + 30} ${y + 18} ${side + 30} ${y - 18} ${side} ${y - 14}`;
  return { edge, path, tip: { x: side, y: y - 14 }, turn: 75, label: { x: side + 24, y } };
}
