/** The line of spans above one, without their bodies: these must not live as long as the deepest child. */
export interface Lineage {
  /** Id of the span. */
  readonly id: string;
  readonly parent: Lineage | undefined;
  /** A span further down has usage, so this one's would be counted twice. */
  usageBelow: boolean;
  /** When something was last heard of the span, in milliseconds since the epoch. */
  lastNews: number;
  /** Session of the trace; kept by the first of the line. */
  sessionId: string | undefined;
}

/** The first of the line: the root, as far as this process knows. */
export function firstOf(lineage: Lineage): Lineage {
  let first = lineage;
  while (first.parent !== undefined) first = first.parent;
  return first;
}

/** A span has usage: those above it do not count theirs. */
export function claimUsage(lineage: Lineage): void {
  for (let { parent } = lineage; parent !== undefined && !parent.usageBelow; { parent } = parent) {
    parent.usageBelow = true;
  }
}

/** News of a span are news of all above it: a parent waits, it is not left. */
export function tellAbove({ parent: first, lastNews }: Lineage): void {
  for (let parent = first; parent !== undefined; { parent } = parent) {
    if (parent.lastNews < lastNews) parent.lastNews = lastNews;
  }
}
