/** Something with a width in a layer: a box, or a line on its way past boxes. */
export interface Item {
  readonly id: string;
  readonly width: number;
  /** What it is joined to in the layer above and in the one below. */
  readonly up: Item[];
  readonly down: Item[];
  /** Where its middle is. */
  x: number;
}

const GAP = 24;
const SWEEPS = 6;

/** Gives each item its place in its layer: near what it is joined to, and none upon another. Layers are reordered. */
export function placeItems(layers: Item[][]): void {
  for (const layer of layers) pack(layer);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const layer of layers) order(layer, "up");
    for (const layer of layers.toReversed()) order(layer, "down");
  }
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    for (const layer of layers) align(layer, "up");
    for (const layer of layers.toReversed()) align(layer, "down");
  }
  const left = Math.min(...layers.flat().map(({ x, width }) => x - width / 2));
  for (const item of layers.flat()) item.x -= left;
}

/** The middle of what an item is joined to on one side, or where it is. */
function wish(item: Item, side: "up" | "down"): number {
  const joined = item[side];
  if (joined.length === 0) return item.x;
  return joined.reduce((sum, { x }) => sum + x, 0) / joined.length;
}

function order(layer: Item[], side: "up" | "down"): void {
  const wishes = new Map(layer.map((item) => [item, wish(item, side)]));
  layer.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0));
  pack(layer);
}

/** Side by side, around the middle. */
function pack(layer: readonly Item[]): void {
  const whole = layer.reduce((sum, { width }) => sum + width + GAP, -GAP);
  let left = -whole / 2;
  for (const item of layer) {
    item.x = left + item.width / 2;
    left += item.width + GAP;
  }
}

/** Moves items to where they wish to be, as far as their order and their widths allow. */
function align(layer: readonly Item[], side: "up" | "down"): void {
  const wishes = layer.map((item) => wish(item, side));
  let left = Number.NEGATIVE_INFINITY;
  for (const [index, item] of layer.entries()) {
    item.x = Math.max(wishes[index] ?? 0, left + item.width / 2);
    left = item.x + item.width / 2 + GAP;
  }
  // All were only pushed to the right: the layer goes back by what they were pushed in the middle.
  const pushed = layer.reduce((sum, { x }, index) => sum + x - (wishes[index] ?? 0), 0);
  for (const item of layer) item.x -= pushed / layer.length;
}
