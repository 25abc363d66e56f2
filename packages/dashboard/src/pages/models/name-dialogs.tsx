import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { TextField } from "../../components/text-field.tsx";
import { notify } from "../../components/toasts.tsx";
import { copyModelVersion, type ModelVersionKey, renameModel } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";
import { useAct, WhyField } from "./act-fields.tsx";

/** Gives a model another name, and goes to it. */
export function RenameModelDialog({
  name,
  onClose,
}: {
  name: string;
  onClose: () => void;
}): JSX.Element {
  const [text, setText] = useState(name);
  const act = useAct();
  const newName = text.trim();
  const action = useAction(async () => {
    await renameModel(name, { newName, ...act.given });
    notify({ text: `${name} is called ${newName} now.` });
    location.hash = paths.model(newName);
  });
  return (
    <FormModal
      title={`Rename ${name}`}
      action={action}
      input={() => undefined}
      submitLabel="Rename"
      isReady={newName !== "" && newName !== name}
      onClose={onClose}
    >
      <p>
        Versions, aliases, gates and history go with it. Apps that load <code>{name}@…</code> will
        fail until they use the new name.
      </p>
      <TextField label="New name" required maxLength={250} value={text} onText={setText} />
      <WhyField act={act} />
    </FormModal>
  );
}

/** Copies a version to another model, which promotes it there. */
export function CopyVersionDialog({
  version: { name, version },
  onClose,
}: {
  version: ModelVersionKey;
  onClose: () => void;
}): JSX.Element {
  const [to, setTo] = useState("");
  const act = useAct();
  const action = useAction(async () => {
    const from = `${name}@${version}`;
    const made = await copyModelVersion({ from, to: to.trim(), ...act.given });
    notify({ text: `${name} v${version} is ${made.name} v${made.version}, too.` });
    location.hash = paths.modelVersion(made.name, made.version);
  });
  return (
    <FormModal
      title={`Copy ${name} v${version} to another model`}
      action={action}
      input={() => undefined}
      submitLabel="Copy"
      isReady={to.trim() !== ""}
      onClose={onClose}
    >
      <p>It gets the next number there, and shares its files. A model of a new name is made.</p>
      <TextField label="To the model" required maxLength={250} value={to} onText={setTo} />
      <WhyField act={act} />
    </FormModal>
  );
}
