import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { TextField } from "../../components/text-field.tsx";
import { createDataset } from "../../questions/datasets.ts";
import { paths } from "../../routing/paths.ts";

/** Makes a dataset and goes to it, where rows are written, imported or made of traces. */
export function NewDatasetDialog({ onClose }: { onClose: () => void }): JSX.Element {
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
      <TextField label="Name" required maxLength={250} value={name} onText={setName} />
      <TextField
        label="Description"
        rows={3}
        maxLength={5_000}
        value={description}
        onText={setDescription}
      />
    </FormModal>
  );
}
