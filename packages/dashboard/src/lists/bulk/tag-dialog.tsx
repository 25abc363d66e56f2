import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { TextField } from "../../components/text-field.tsx";
import { type BulkWrites, inCalls, type TagChange } from "./bulk-writes.ts";

/** Sets a tag on many rows, or takes one away. */
export function TagDialog({
  what,
  ids,
  write,
  onDone,
  onClose,
}: {
  /** Such as `3 runs`. */
  what: string;
  ids: readonly string[];
  write: NonNullable<BulkWrites["tag"]>;
  onDone: (words: string) => void;
  onClose: () => void;
}): JSX.Element {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const [isRemoval, setRemoval] = useState(false);
  const action = useAction(async (change: TagChange) => {
    await inCalls(ids, (part) => write(part, change));
    onDone(isRemoval ? `Tag ${key} removed from ${what}.` : `${what} tagged ${key}: ${value}.`);
  });
  return (
    <FormModal
      title={`Tags of ${what}`}
      action={action}
      input={() =>
        isRemoval ? { tags: {}, removeTags: [key] } : { tags: { [key]: value }, removeTags: [] }
      }
      submitLabel={isRemoval ? "Remove" : "Set"}
      onClose={onClose}
    >
      <TextField label="Tag" required value={key} onText={setKey} />
      {isRemoval ? null : <TextField label="Value" value={value} onText={setValue} />}
      <label class="tick">
        <input
          type="checkbox"
          checked={isRemoval}
          onChange={(event) => setRemoval(event.currentTarget.checked)}
        />
        Remove this tag instead
      </label>
    </FormModal>
  );
}
