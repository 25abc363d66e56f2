/** A piece of work among its siblings. */
export interface Step {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

/** What is too short to be measured has still taken some time (ms): of two such at once, none is before the other. */
const INSTANT = 0.001;

/**
 * The keys of what each step came straight after: of the steps that had ended when it began, those that were still at
 * work when the last of the others began. Steps side by side come after the same ones. Answers are in the order of
 * their beginnings.
 */
export function predecessors(
  steps: readonly Step[],
): readonly { readonly key: string; readonly before: readonly string[] }[] {
  const lasting = steps.map((step) => ({ ...step, end: Math.max(step.end, step.start + INSTANT) }));
  const open = openSteps(lasting.toSorted((a, b) => a.end - b.end));
  return lasting
    .toSorted((a, b) => a.start - b.start)
    .map(({ key, start }) => ({ key, before: open(start) }));
}

/** Answers, for times that never go back, which keys have ended with nothing after them yet. */
function openSteps(ended: readonly Step[]): (time: number) => readonly string[] {
  const counts = new Map<string, number>();
  // Steps between the two have ended, and nothing came after them yet.
  let first = 0;
  let next = 0;
  /** Of all that have ended: when the last of them began. */
  let lastStart = Number.NEGATIVE_INFINITY;
  const change = (key: string, by: number): void => {
    const count = (counts.get(key) ?? 0) + by;
    if (count > 0) counts.set(key, count);
    else counts.delete(key);
  };
  return (time) => {
    for (let step = ended[next]; step !== undefined && step.end <= time; step = ended[next]) {
      lastStart = Math.max(lastStart, step.start);
      change(step.key, 1);
      next += 1;
    }
    for (
      let step = ended[first];
      step !== undefined && step.end <= lastStart;
      step = ended[first]
    ) {
      change(step.key, -1);
      first += 1;
    }
    return [...counts.keys()];
  };
}
