import { anywhere } from "../search/filter-text.ts";
import type { FilterSpec } from "./filter/filter-spec.ts";

/** How things are found that have a name and tags, and hardly more; `noun` is one of them. */
export function nameFilter(noun: string, example: string): FilterSpec {
  return {
    fields: [{ name: "name", label: "Name", type: "text" }],
    words: (text) => `name ILIKE ${anywhere(text)}`,
    wordsHint: `Name of ${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}`,
    example,
  };
}
