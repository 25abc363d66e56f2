import type { StringMap } from "@rivulet/core";
import { lookUp } from "../format/look-up.ts";

/** What people write about a thing: a prompt, a model or one of its versions, a dataset. */
export interface DescribedThing {
  readonly description: string;
  readonly tags: StringMap;
  readonly updatedAt: number;
}

/** Changes to it. Absent fields stay as they are. */
export interface DescribedPatch {
  readonly description?: string;
  readonly tags?: StringMap;
  readonly removeTags?: readonly string[];
  /** The `updatedAt` that it must have. */
  readonly expected?: number;
}

/** What makes `after` of `before`, refused when somebody else has changed it since. */
export function patchOf(
  before: DescribedThing,
  after: Pick<DescribedThing, "description" | "tags">,
): DescribedPatch {
  const tags = Object.entries(after.tags).filter(
    ([key, value]) => lookUp(before.tags, key) !== value,
  );
  const removeTags = Object.keys(before.tags).filter((key) => !Object.hasOwn(after.tags, key));
  return {
    ...(after.description !== before.description && { description: after.description }),
    ...(tags.length > 0 && { tags: Object.fromEntries(tags) }),
    ...(removeTags.length > 0 && { removeTags }),
    expected: before.updatedAt,
  };
}
