import { createObservable, type Observable } from "../api/observable.ts";
import { keep } from "../settings/kept.ts";

/** What the user wants; `system` follows the operating system. */
export type Theme = "system" | "light" | "dark";

const KEY = "theme";
const root = document.documentElement;
const system = matchMedia("(prefers-color-scheme: dark)");

/** The chosen theme; `theme.js` has read it before the first paint. */
export const theme: Observable<Theme> = createObservable<Theme>(readTheme());

/** Whether the page is dark now. */
export const isDark: Observable<boolean> = createObservable(readDark());

function readTheme(): Theme {
  const chosen = root.dataset.theme;
  return chosen === "light" || chosen === "dark" ? chosen : "system";
}

function readDark(): boolean {
  const chosen = readTheme();
  return chosen === "system" ? system.matches : chosen === "dark";
}

system.addEventListener("change", () => isDark.set(readDark()));

/** Chooses a theme and remembers it. */
export function chooseTheme(next: Theme): void {
  if (next === "system") delete root.dataset.theme;
  else root.dataset.theme = next;
  keep(KEY, next === "system" ? undefined : next);
  theme.set(next);
  isDark.set(readDark());
}
