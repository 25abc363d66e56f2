import type { ScopedPage } from "../routing/scope.ts";

/** `g`, then a letter: where it goes. */
export const PLACES: readonly (readonly [
  letter: string,
  label: string,
  path: ScopedPage | `/${string}`,
])[] = [
  ["o", "Overview", "overview"],
  ["r", "Runs", "runs"],
  ["t", "Traces", "traces"],
  ["s", "Sessions", "sessions"],
  ["u", "Users", "users"],
  ["e", "Evaluations", "evaluations"],
  ["p", "Prompts", "/prompts"],
  ["m", "Models", "/models"],
  ["d", "Datasets", "/datasets"],
  ["x", "Experiments", "/experiments"],
  [",", "Settings", "/settings"],
];

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The keys of the command palette, as they are printed on this keyboard. */
export const PALETTE_KEYS: string = isApple ? "⌘ K" : "Ctrl K";
