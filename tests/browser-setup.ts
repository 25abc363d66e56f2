import { ensureChromium } from "./dashboard/chromium.ts";

/** Runs once, before any test: two test files must not install a browser at the same time. */
export function setup(): void {
  ensureChromium();
}
