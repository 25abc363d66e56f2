import type { JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { Loading } from "../../components/notices.tsx";
import { notify } from "../../components/toasts.tsx";
import { formatCount } from "../../format/numbers.ts";
import type { Purge, PurgeAnswer } from "./bulk-writes.ts";

/** Reasons that are read at a glance. */
const MOST_REASONS = 10;

export interface PurgeDialogProps {
  /** Such as `3 runs`, or the name of one. */
  readonly what: string;
  readonly ids: readonly string[];
  readonly purge: Purge;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** Says what would be removed for good, and what would be kept and why; then removes it. */
export function PurgeDialog({ what, ids, purge, onDone, onClose }: PurgeDialogProps): JSX.Element {
  const [found, setFound] = useState<PurgeAnswer>();
  const look = useAction(async () => setFound(await purge(ids, { dryRun: true })));
  useEffect(() => void look.run(undefined), []);
  const remove = useAction(async () => {
    const { count, kept } = await purge(ids, { dryRun: false });
    const stayed = kept.length === 0 ? "" : `; ${formatCount(kept.length)} kept`;
    notify({ text: `${formatCount(count)} removed for good${stayed}.` });
    onDone();
  });
  return (
    <FormModal
      title={`Remove ${what} for good?`}
      action={{ ...remove, error: remove.error ?? look.error }}
      input={() => undefined}
      submitLabel="Remove for good"
      tone="danger"
      isReady={found !== undefined && found.count > 0}
      onClose={onClose}
    >
      <div class="confirm-text" aria-live="polite">
        {found === undefined ? (
          look.error === null ? (
            <Loading />
          ) : null
        ) : (
          <Foreseen found={found} of={ids.length} />
        )}
      </div>
    </FormModal>
  );
}

function Foreseen({ found, of }: { found: PurgeAnswer; of: number }): JSX.Element {
  const { count, kept, along } = found;
  const [first, ...more] = kept.slice(0, MOST_REASONS).map(({ message }) => message);
  return (
    <>
      {count === 0 ? (
        <p>Nothing can be removed.</p>
      ) : (
        <>
          <p>
            {formatCount(count)} of {formatCount(of)} will be removed, along with:
          </p>
          <ul>
            {along.map((one) => (
              <li key={one}>{one}</li>
            ))}
          </ul>
          <p>This cannot be undone.</p>
        </>
      )}
      {first === undefined ? null : (
        <>
          <p>{formatCount(kept.length)} will be kept:</p>
          <ul>
            {[first, ...more].map((message) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
