import type { StringMap } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../api/use-action.ts";
import { type DescribedPatch, type DescribedThing, patchOf } from "../questions/described.ts";
import { ConflictNotice, isConflict } from "./conflict.tsx";
import { FormModal } from "./form-modal.tsx";
import { rowsOf, TagFields, tagsOf } from "./tag-fields.tsx";
import { TextField } from "./text-field.tsx";
import { notify } from "./toasts.tsx";

export interface DescribeDialogProps {
  /** What it is called, such as `greet` or `iris v2`. */
  readonly name: string;
  readonly thing: DescribedThing;
  /** Reads it anew, after somebody else has changed it. */
  readonly reload: () => Promise<DescribedThing>;
  readonly save: (patch: DescribedPatch) => Promise<DescribedThing>;
  readonly onClose: () => void;
}

/** Changes the description and the tags of a thing. What somebody else has written meanwhile is shown, not lost. */
export function DescribeDialog(props: DescribeDialogProps): JSX.Element {
  const { name, thing, reload, save, onClose } = props;
  const [before, setBefore] = useState(thing);
  const [isTheirs, setTheirs] = useState(false);
  const [description, setDescription] = useState(thing.description);
  const [rows, setRows] = useState(() => rowsOf(thing.tags));
  const action = useAction(async () => {
    try {
      const after = await save(patchOf(before, { description, tags: tagsOf(rows) }));
      notify({ text: `Changed ${name}.`, undo: () => save(patchOf(after, before)) });
    } catch (error) {
      if (isConflict(error)) {
        setBefore(await reload());
        setTheirs(true);
      }
      throw error;
    }
  });
  const takeTheirs = (): void => {
    setDescription(before.description);
    setRows(rowsOf(before.tags));
    setTheirs(false);
    action.clear();
  };
  return (
    <FormModal
      title={`Edit ${name}`}
      action={isConflict(action.error) ? { ...action, error: null } : action}
      input={() => undefined}
      onClose={onClose}
    >
      <TextField
        label="Description"
        rows={5}
        maxLength={5_000}
        value={description}
        onText={setDescription}
      />
      <TagFields rows={rows} onChange={setRows} />
      {isTheirs ? (
        <ConflictNotice
          texts={[
            { label: "Description", theirs: before.description, mine: description },
            { label: "Tags", theirs: tagText(before.tags), mine: tagText(tagsOf(rows)) },
          ]}
          onTakeTheirs={takeTheirs}
        />
      ) : null}
    </FormModal>
  );
}

/** Tags as text, one a line, for comparing. */
export function tagText(tags: StringMap): string {
  return rowsOf(tags)
    .map(([key, value]) => `${key}: ${value}`)
    .join("\n");
}
