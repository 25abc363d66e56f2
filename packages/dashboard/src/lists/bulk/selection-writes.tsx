import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { ErrorNotice } from "../../components/notices.tsx";
import { notify } from "../../components/toasts.tsx";
import { type BulkWrites, inCalls } from "./bulk-writes.ts";
import { PurgeButton } from "./purge-button.tsx";
import { TagDialog } from "./tag-dialog.tsx";

interface SelectionWritesProps {
  readonly writes: BulkWrites;
  /** Such as `3 runs`. */
  readonly what: string;
  readonly ids: readonly string[];
  /** The rows are those that were deleted. */
  readonly isDeleted: boolean;
  readonly onDone: () => void;
}

/** Buttons that write to the ticked rows: their tags, and whether they are there. What was deleted takes no tags. */
export function SelectionWrites(props: SelectionWritesProps): JSX.Element {
  const { writes, isDeleted } = props;
  return (
    <>
      {writes.tag === undefined || isDeleted ? null : <TagButton {...props} write={writes.tag} />}
      {isDeleted ? <RestoreButton {...props} /> : <DeleteButton {...props} />}
      {isDeleted ? <PurgeButton {...props} /> : null}
    </>
  );
}

function TagButton({
  what,
  ids,
  write,
  onDone,
}: SelectionWritesProps & { write: NonNullable<BulkWrites["tag"]> }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const finish = (text: string): void => {
    notify({ text });
    onDone();
  };
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen(true)}>
        Tags…
      </button>
      {isOpen ? (
        <TagDialog
          what={what}
          ids={ids}
          write={write}
          onDone={finish}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

/** Deletes at once what can be brought back, and asks before what is lost for good. */
function DeleteButton({ writes, what, ids, onDone }: SelectionWritesProps): JSX.Element | null {
  const [isAsking, setAsking] = useState(false);
  const { remove, restore, goesWith } = writes;
  const hide = useAction(async () => {
    if (remove === undefined || restore === undefined) return;
    const along = (await writes.hiddenWith?.(ids)) ?? "";
    await inCalls(ids, remove);
    const text = along === "" ? `${what} deleted.` : `${what} deleted, and ${along} with it.`;
    notify({ text, undo: () => inCalls(ids, restore) });
    onDone();
  });
  if (remove === undefined) return null;
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={hide.isRunning}
        onClick={() => (restore === undefined ? setAsking(true) : void hide.run(undefined))}
      >
        {restore === undefined ? "Delete…" : "Delete"}
      </button>
      {hide.error === null ? null : <ErrorNotice error={hide.error} />}
      {isAsking ? (
        <ConfirmDialog
          title={`Delete ${what}?`}
          verb="Delete"
          work={() => inCalls(ids, remove)}
          done={`${what} deleted.`}
          onDone={onDone}
          onClose={() => setAsking(false)}
        >
          <p>{goesWith} This cannot be undone.</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}

function RestoreButton({ writes, what, ids, onDone }: SelectionWritesProps): JSX.Element {
  const { restore } = writes;
  const action = useAction(async () => {
    if (restore === undefined) return;
    await inCalls(ids, restore);
    notify({ text: `${what} restored.` });
    onDone();
  });
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={action.isRunning}
        onClick={() => void action.run(undefined)}
      >
        Restore
      </button>
      {action.error === null ? null : <ErrorNotice error={action.error} />}
    </>
  );
}
