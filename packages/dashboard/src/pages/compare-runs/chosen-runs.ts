import { paths } from "../../routing/paths.ts";
import { keep, kept } from "../../settings/kept.ts";

/** Runs whose ids fit into a link that people send each other. */
const MOST_IN_A_LINK = 50;
/** Choices that this browser keeps, the latest first. */
const MOST_KEPT = 20;
const INDEX = "chosen-runs";

/** Where runs are compared: their ids are in the address, or where they are many, a short name that this browser knows. */
export function comparisonOf(ids: readonly string[]): string {
  return ids.length > MOST_IN_A_LINK
    ? `#/compare-runs?chosen=${nameOf(ids)}`
    : paths.compareRuns(ids);
}

/** Keeps what {@link comparisonOf} has a short name for. @returns false where the browser keeps nothing */
export function keepChosen(ids: readonly string[]): boolean {
  if (ids.length <= MOST_IN_A_LINK) return true;
  const name = nameOf(ids);
  const known = (kept(INDEX) ?? "").split(",").filter((one) => one !== name && one !== "");
  for (const one of known.splice(MOST_KEPT - 1)) keep(placeOf(one), undefined);
  keep(placeOf(name), ids.join(","));
  keep(INDEX, [name, ...known].join(","));
  return readChosen(name) !== undefined;
}

/** The ids behind a short name; `undefined` where this browser does not know it. */
export function readChosen(name: string): string | undefined {
  return kept(placeOf(name));
}

function placeOf(name: string): string {
  return `${INDEX}-${name}`;
}

/** The same for the same ids: how many they are, and FNV-1a of them. */
function nameOf(ids: readonly string[]): string {
  let hash = 0x811c9dc5;
  for (const letter of ids.join()) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193);
  return `${ids.length}-${(hash >>> 0).toString(36)}`;
}
