import type { LifecycleFilter } from "@rivulet/domain";
import * as z from "zod";
import { parseInput } from "../validation.ts";

/** Schema of {@link LifecycleFilter}. */
export const lifecycleFilterSchema: z.ZodType<LifecycleFilter> = z.enum([
  "active",
  "deleted",
  "all",
]);

/** Which entities a search sees; active ones where nothing is said. @throws RivuletError `invalid_argument` */
export function parseLifecycle(lifecycle: LifecycleFilter = "active"): LifecycleFilter {
  return parseInput(lifecycleFilterSchema, lifecycle, "lifecycle");
}
