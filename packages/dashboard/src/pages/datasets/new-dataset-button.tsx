import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useCan } from "../../api/me.ts";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { Icon } from "../../components/icon.tsx";
import { createDataset } from "../../questions/datasets.ts";
import { paths } from "../../routing/paths.ts";

/** Makes a dataset and goes to it, where rows are written, imported or made of traces. */
export function NewDatasetButton(): JSX.Element | null {
  const canWrite = useCan("write");
  const [isOpen, setOpen] = useState(false);
  if (!canWrite) return null;
  return (
    <>
      <button type="button" class="button button-primary" onClick={() => setOpen(true)}>
        <Icon name="plus" />
        New dataset
      </button>
      {isOpen ? <NewDatasetDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

function NewDatasetDialog({ onClose }: { onClose: () => void }): JSX.Element {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const action = useAction(async (given: string) => {
    await createDataset(given, description);
    location.hash = paths.dataset(given);
  });
  return (
    <FormModal
      title="New dataset"
      action={action}
      input={() => name.trim()}
      submitLabel="Create"
      isReady={name.trim() !== ""}
      onClose={onClose}
    >
      <label class="field">
        Name
        <input
          class="input"
          required
          maxLength={250}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        Description
        <textarea
          class="input"
          rows={3}
          maxLength={5_000}
          value={description}
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
      </label>
    </FormModal>
  );
}
