import type { Dataset } from "@rivulet/core";
import { notify } from "../../components/toasts.tsx";
import { restoreVersion } from "../../questions/datasets.ts";
import { setQueryState } from "../../routing/query-state.ts";

/** Says what was done to the rows and which version that made, shows it, and can bring the one before back. */
export function tellVersion(before: Dataset, after: Dataset, done: string): void {
  setQueryState({ version: "", against: "" });
  notify({
    text: `${done}: ${after.name} is v${after.version} now.`,
    undo: () => restoreVersion(after.name, before.version),
  });
}
