import type { JSX } from "preact";
import { ConfirmDialog } from "../../../components/confirm-dialog.tsx";
import { formatCount } from "../../../format/numbers.ts";
import { deleteTrace } from "../../../questions/traces.ts";
import { navigate } from "../../../routing/hash-location.ts";
import type { ActingProps } from "../trace-actions.tsx";

/** Asks before a trace is deleted, which nothing brings back. */
export function DeleteDialog({ trace, onClose }: ActingProps): JSX.Element {
  const spans = trace.spanCount === 1 ? "its span" : `its ${formatCount(trace.spanCount)} spans`;
  return (
    <ConfirmDialog
      title={`Delete the trace ${trace.name}?`}
      verb="Delete"
      work={() => deleteTrace(trace.id)}
      done={`Deleted the trace ${trace.name}.`}
      onDone={() => navigate("/traces")}
      onClose={onClose}
    >
      <p>It goes with {spans} and everything that was said of it. It cannot be brought back.</p>
    </ConfirmDialog>
  );
}
