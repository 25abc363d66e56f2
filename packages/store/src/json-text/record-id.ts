import type { JsonValue } from "@rivulet/domain";
import { contentDigest } from "./content-digest.ts";

/** Id of the example with these inputs: the same everywhere, independent of the order of keys. */
export function recordId(inputs: JsonValue): string {
  return contentDigest(inputs).slice(0, 32);
}
