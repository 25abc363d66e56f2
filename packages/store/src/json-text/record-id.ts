import type { JsonValue } from "@rivulet/domain";
import { contentDigest } from "./content-digest.ts";

/** The id of the example with these inputs: the same everywhere, whatever the order of their keys. */
export function recordId(inputs: JsonValue): string {
  return contentDigest(inputs).slice(0, 32);
}
