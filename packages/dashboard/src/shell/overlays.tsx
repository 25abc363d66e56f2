import type { JSX } from "preact";
import { useObservable } from "../api/observable.ts";
import { lazyComponent } from "../components/lazy-component.tsx";
import { overlay } from "./overlay.ts";

const Nothing = (): null => null;

const Palette = lazyComponent<object>(
  async () => (await import("./rare.ts")).Palette,
  Nothing as never,
);
const ShortcutMap = lazyComponent<object>(
  async () => (await import("./rare.ts")).ShortcutMap,
  Nothing as never,
);

/** The command palette or the map of shortcuts, while one of them is open. */
export function Overlays(): JSX.Element | null {
  const open = useObservable(overlay);
  if (open === undefined) return null;
  return open === "palette" ? <Palette /> : <ShortcutMap />;
}
