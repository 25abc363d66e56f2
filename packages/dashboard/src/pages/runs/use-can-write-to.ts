import type { Run } from "@rivulet/core";
import { useCan } from "../../api/me.ts";

/** Whether this page may change a run: one that was deleted takes no writes until it is restored. */
export function useCanWriteTo({ lifecycleStage }: Run): boolean {
  return useCan("write") && lifecycleStage === "active";
}
