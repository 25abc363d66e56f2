import { vi } from "vitest";

/** Waits until the assertion holds: for what a timer of ours, or a stream in the background, brings about. */
export function eventually(assertion: () => Promise<void>): Promise<void> {
  return vi.waitFor(assertion, { timeout: 20_000 });
}
