import { nextStatusOf } from "@rivulet/core";

/** The status of an answer that a handler throws instead of returning it: a `Response`, or Next.js' `redirect()` and the like. */
export function statusOfThrown(thrown: unknown): number | undefined {
  return thrown instanceof Response ? thrown.status : nextStatusOf(thrown);
}
