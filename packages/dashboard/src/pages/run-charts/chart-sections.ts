import { byName } from "../../format/by-name.ts";

/** Charts under one heading. */
export interface ChartSection {
  /** What it is called in the URL. */
  readonly name: string;
  readonly title: string;
  readonly keys: readonly string[];
}

/** Metrics of the machine are no result: they come last, and folded. */
export const SYSTEM = "system";
const PINNED = "pinned";

/** Metrics by what stands before their first slash, in the order of the alphabet: pinned first, those of the machine last. */
export function sectionsOf(
  keys: readonly string[],
  pins: readonly string[],
): readonly ChartSection[] {
  const pinned = pins.filter((key) => keys.includes(key));
  const others = keys.filter((key) => !pinned.includes(key)).sort(byName);
  const groups = new Map<string, string[]>();
  for (const key of others) {
    const name = key.includes("/") ? key.slice(0, key.indexOf("/")) : "";
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [key]);
    else group.push(key);
  }
  const sections = [...groups]
    .toSorted(([a], [b]) => rank(a) - rank(b) || a.localeCompare(b))
    .map(([name, some]) => ({ name, title: titleOf(name), keys: some }));
  return pinned.length === 0
    ? sections
    : [{ name: PINNED, title: "Pinned", keys: pinned }, ...sections];
}

function rank(name: string): number {
  return name === SYSTEM ? 1 : 0;
}

function titleOf(name: string): string {
  if (name === SYSTEM) return "System metrics";
  return name === "" ? "Metrics" : name;
}
