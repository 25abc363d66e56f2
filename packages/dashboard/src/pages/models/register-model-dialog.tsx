import type { LoggedModel, Run } from "@rivulet/core";
import type { JSX } from "preact";
import { useId, useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { usePages } from "../../api/use-query.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { TextField } from "../../components/text-field.tsx";
import { notify } from "../../components/toasts.tsx";
import { askFolder } from "../../questions/files.ts";
import { registerModel } from "../../questions/logged-models.ts";

/** A logged model, or a run of whose files one or a folder is chosen. */
type Registered = { readonly logged: LoggedModel } | { readonly run: Run };

/** Makes a logged model, a run, or some of its files, the next version of a model. */
export function RegisterModelDialog(props: Registered & { onClose: () => void }): JSX.Element {
  const [name, setName] = useState("logged" in props ? props.logged.name : "");
  const [path, setPath] = useState("");
  const [description, setDescription] = useState("");
  const action = useAction(async () => {
    const source =
      "logged" in props
        ? { runId: props.logged.runId, ...modelOf(props.logged) }
        : {
            runId: props.run.id,
            ...(path.trim() !== "" && { artifactPath: path.trim().replace(/\/$/, "") }),
          };
    const text = description.trim();
    const made = await registerModel({ name: name.trim(), description: text, ...source });
    notify({ text: `Registered ${made.name} v${made.version}.` });
  });
  return (
    <FormModal
      title="Register as model"
      action={action}
      input={() => undefined}
      submitLabel="Register"
      onClose={props.onClose}
    >
      <TextField label="Model" required maxLength={250} value={name} onText={setName} />
      {"logged" in props ? null : <PathField runId={props.run.id} path={path} onPath={setPath} />}
      <TextField
        label="Description (optional)"
        rows={3}
        value={description}
        onText={setDescription}
      />
    </FormModal>
  );
}

function modelOf({ id, artifactPath }: LoggedModel): {
  readonly modelId: string;
  readonly artifactPath: string;
} {
  return { modelId: id, artifactPath };
}

/** Path of a file or folder, completed folder by folder. */
function PathField({
  runId,
  path,
  onPath,
}: {
  runId: string;
  path: string;
  onPath: (path: string) => void;
}): JSX.Element {
  const list = useId();
  const entries = usePages(askFolder(runId, path.slice(0, Math.max(0, path.lastIndexOf("/")))));
  return (
    <label class="field">
      File or folder
      <input
        class="input"
        list={list}
        placeholder="All files of the run"
        value={path}
        onInput={(event) => onPath(event.currentTarget.value)}
      />
      <datalist id={list}>
        {entries.data?.map((entry) => (
          <option key={entry.path} value={entry.isFolder ? `${entry.path}/` : entry.path} />
        ))}
      </datalist>
    </label>
  );
}
