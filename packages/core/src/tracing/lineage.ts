/** The line of spans above one, without their bodies: these must not live as long as the deepest child. */
export interface Lineage {
  /** Id of the span. */
  readonly id: string;
  readonly parent: Lineage | undefined;
  /** A span further down has usage, so this one's would be counted twice. */
  usageBelow: boolean;
  /** Watchdog rounds since the last news. */
  idleRounds: number;
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
