import { createObservable, type Observable } from "../api/observable.ts";
import { keep, kept } from "./kept.ts";

const KEY = "home-experiment";

/** Id of the experiment that the dashboard opens with; `undefined` for all. */
export const homeExperiment: Observable<string | undefined> = createObservable(kept(KEY));

/** Chooses the experiment to open with, and remembers it. */
export function chooseHomeExperiment(id: string | undefined): void {
  keep(KEY, id);
  homeExperiment.set(id);
}
