import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../../api/me.ts";
import { lazyComponent } from "../../components/lazy-component.tsx";
import type { BulkWrites } from "./bulk-writes.ts";
import type { PurgeDialogProps } from "./purge-dialog.tsx";

const PurgeDialog = lazyComponent<PurgeDialogProps>(
  async () => (await import("./purge-dialog.tsx")).PurgeDialog,
);

/** Removes for good what was deleted, after it has said what and how much; for administrators. */
export function PurgeButton({
  writes: { purge },
  ...about
}: Pick<PurgeDialogProps, "what" | "ids" | "onDone"> & {
  writes: BulkWrites;
}): JSX.Element | null {
  const [isAsking, setAsking] = useState(false);
  const isAdmin = useCan("admin");
  if (!isAdmin || purge === undefined) return null;
  return (
    <>
      <button type="button" class="button" onClick={() => setAsking(true)}>
        Remove for good…
      </button>
      {isAsking ? <PurgeDialog {...about} purge={purge} onClose={() => setAsking(false)} /> : null}
    </>
  );
}
