import type { RetentionStatus } from "@rivulet/core";

/** How long traces are kept by default, and what was removed last, in a line. */
export function retentionText(retention: RetentionStatus): string {
  const { toldAt, firstRemovalAt, givenAt, last } = retention;
  const removed =
    last === undefined
      ? "nothing was removed yet"
      : `${last.deleted} traces were removed ${day(last.at)} (${last.because.join(", ")})`;
  if (givenAt !== undefined) return `as an app says (option retention); ${removed}`;
  const first =
    toldAt === undefined || firstRemovalAt === undefined
      ? "a day after an app has said so"
      : `from ${day(firstRemovalAt)} on`;
  return `traces older than 30 days, or beyond 5 GB, are removed ${first}; ${removed}`;
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace("T", " ");
}
