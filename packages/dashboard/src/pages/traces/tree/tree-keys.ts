import type { SpanNode } from "./span-tree.ts";

/** What the keyboard sees of the tree. */
export interface TreeState {
  readonly shown: readonly SpanNode[];
  readonly current: number;
  readonly closed: ReadonlySet<string>;
}

/** What a key does. */
export interface TreeAction {
  /** Row to go to. */
  readonly focus?: number;
  /** Branch to open or close. */
  readonly toggle?: string;
}

type Key = (state: TreeState) => TreeAction | undefined;

const PAGE = 10;

/** The keys of a tree, as the ARIA practices have them. */
const KEYS: Readonly<Record<string, Key>> = {
  ArrowDown: (state) => go(state, state.current + 1),
  ArrowUp: (state) => go(state, state.current - 1),
  PageDown: (state) => go(state, state.current + PAGE),
  PageUp: (state) => go(state, state.current - PAGE),
  Home: (state) => go(state, 0),
  End: (state) => go(state, state.shown.length - 1),
  ArrowRight: (state) => {
    const node = state.shown[state.current];
    if (node === undefined || node.childCount === 0) return {};
    return isClosed(state, node) ? { toggle: node.span.id } : go(state, state.current + 1);
  },
  ArrowLeft: (state) => {
    const node = state.shown[state.current];
    if (node === undefined) return {};
    if (node.childCount > 0 && !isClosed(state, node)) return { toggle: node.span.id };
    const parent = state.shown.findIndex((other) => other.span.id === node.parentId);
    return parent === -1 ? {} : go(state, parent);
  },
};

/** The action of a key; `undefined` leaves it to the browser. */
export function treeKey(event: KeyboardEvent, state: TreeState): TreeAction | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  if (Object.hasOwn(KEYS, event.key)) return KEYS[event.key]?.(state);
  return event.key.length === 1 && event.key !== " " ? typeAhead(event.key, state) : undefined;
}

function go(state: TreeState, index: number): TreeAction {
  return { focus: Math.min(Math.max(index, 0), state.shown.length - 1) };
}

function isClosed(state: TreeState, node: SpanNode): boolean {
  return state.closed.has(node.span.id);
}

/** The next row whose name begins with the letter. */
function typeAhead(letter: string, { shown, current }: TreeState): TreeAction | undefined {
  for (let step = 1; step <= shown.length; step += 1) {
    const index = (current + step) % shown.length;
    if (shown[index]?.span.name.toLowerCase().startsWith(letter.toLowerCase())) {
      return { focus: index };
    }
  }
  return undefined;
}
