import { createObservable, type Observable, useObservable } from "../api/observable.ts";
import { keep, kept } from "./kept.ts";

/** How much room the rows of lists have. */
export type Density = "comfortable" | "compact";

const KEY = "density";
const root = document.documentElement;

/** The chosen density. */
export const density: Observable<Density> = createObservable<Density>(
  kept(KEY) === "compact" ? "compact" : "comfortable",
);

/** Style sheets ask for it. */
function show(): void {
  if (density.get() === "compact") root.dataset["density"] = "compact";
  else delete root.dataset["density"];
}

show();

/** Chooses a density and remembers it. */
export function chooseDensity(next: Density): void {
  keep(KEY, next === "comfortable" ? undefined : next);
  density.set(next);
  show();
}

/** Pixels of a row of a list; style sheets have the same as `--row-height`. */
const ROW_HEIGHTS: Readonly<Record<Density, number>> = { comfortable: 37, compact: 29 };

/** How high the rows of lists are. */
export function useRowHeight(): number {
  return ROW_HEIGHTS[useObservable(density)];
}
