import type { JSX } from "preact";

/** Says that there is nothing to see of a file. */
export function NoView({ type }: { type: string }): JSX.Element {
  return <p class="muted">There is no view for {type || "this type"}.</p>;
}
