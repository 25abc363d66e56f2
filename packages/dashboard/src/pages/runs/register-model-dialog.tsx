import type { Artifact, Run } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { refresh } from "../../api/query-client.ts";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { notify } from "../../components/toasts.tsx";

/** Makes a run, or one of its files, the next version of a model. */
export function RegisterModelDialog({
  run,
  artifacts,
  onClose,
}: {
  run: Run;
  artifacts: readonly Artifact[];
  onClose: () => void;
}): JSX.Element {
  const [name, setName] = useState("");
  const [path, setPath] = useState("");
  const [description, setDescription] = useState("");
  const action = useAction(async () => {
    const made = await rivulet.models.register({
      name: name.trim(),
      runId: run.id,
      ...(path !== "" && { artifactPath: path }),
      ...(description.trim() !== "" && { description: description.trim() }),
    });
    await refresh("model");
    notify({ text: `Registered ${made.name} v${made.version}.` });
  });
  return (
    <FormModal
      title="Register as model"
      action={action}
      input={() => undefined}
      submitLabel="Register"
      onClose={onClose}
    >
      <label class="field">
        Model
        <input
          class="input"
          required
          maxLength={250}
          value={name}
          onInput={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <label class="field">
        File
        <select value={path} onChange={(event) => setPath(event.currentTarget.value)}>
          <option value="">The whole run</option>
          {artifacts.map((artifact) => (
            <option key={artifact.path} value={artifact.path}>
              {artifact.path}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        Description (optional)
        <textarea
          class="input"
          rows={3}
          value={description}
          onInput={(event) => setDescription(event.currentTarget.value)}
        />
      </label>
    </FormModal>
  );
}
