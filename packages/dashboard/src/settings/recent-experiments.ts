import { keep, kept } from "./kept.ts";

const KEY = "recent-experiments";
const MOST = 5;

/** Ids of the experiments that were looked at last, the latest first. */
export function recentExperiments(): readonly string[] {
  return (kept(KEY) ?? "").split(",").filter((id) => /^\d+$/.test(id));
}

/** Remembers that an experiment was looked at. */
export function rememberExperiment(id: string): void {
  const others = recentExperiments().filter((known) => known !== id);
  keep(KEY, [id, ...others].slice(0, MOST).join(","));
}
