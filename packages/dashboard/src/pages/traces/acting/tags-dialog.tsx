import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../../api/use-action.ts";
import { ConflictNotice, isConflict } from "../../../components/conflict.tsx";
import { tagText } from "../../../components/describe-dialog.tsx";
import { FormModal } from "../../../components/form-modal.tsx";
import { rowsOf, TagFields, type TagRows, tagsOf } from "../../../components/tag-fields.tsx";
import { notify } from "../../../components/toasts.tsx";
import { loadTraceTags, tagTrace } from "../../../questions/traces.ts";
import type { ActingProps } from "../trace-actions.tsx";

/** Changes the tags of a trace. What somebody else has made of the same tags meanwhile is shown, not lost. */
export function TagsDialog({ trace, onClose }: ActingProps): JSX.Element {
  const [before, setBefore] = useState(trace.tags);
  const [isTheirs, setTheirs] = useState(false);
  const [rows, setRows] = useState<TagRows>([...rowsOf(trace.tags), ["", ""]]);
  const action = useAction(async () => {
    const tags = tagsOf(rows);
    try {
      await tagTrace(trace.id, before, tags);
      notify({
        text: `Changed the tags of ${trace.name}.`,
        undo: () => tagTrace(trace.id, tags, before),
      });
    } catch (error) {
      if (isConflict(error)) {
        setBefore(await loadTraceTags(trace.id));
        setTheirs(true);
      }
      throw error;
    }
  });
  const takeTheirs = (): void => {
    setRows(rowsOf(before));
    setTheirs(false);
    action.clear();
  };
  return (
    <FormModal
      title="Tags"
      action={isTheirs && isConflict(action.error) ? { ...action, error: null } : action}
      input={() => undefined}
      onClose={onClose}
    >
      <TagFields rows={rows} onChange={setRows} />
      {isTheirs ? (
        <ConflictNotice
          texts={[{ label: "Tags", theirs: tagText(before), mine: tagText(tagsOf(rows)) }]}
          onTakeTheirs={takeTheirs}
        />
      ) : null}
    </FormModal>
  );
}
