import type { Artifact, LoggedModel, Run } from "@rivulet/core";
import type { JSX } from "preact";
import { useMemo, useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { notify } from "../../components/toasts.tsx";
import { byName } from "../../format/by-name.ts";
import { registerModel } from "../../questions/logged-models.ts";

/** A logged model, or a run of whose files one or a folder is chosen. */
type Registered =
  | { readonly logged: LoggedModel }
  | { readonly run: Run; readonly artifacts: readonly Artifact[] };

/** Makes a logged model, a run, or some of its files, the next version of a model. */
export function RegisterModelDialog(props: Registered & { onClose: () => void }): JSX.Element {
  const [name, setName] = useState("logged" in props ? props.logged.name : "");
  const [path, setPath] = useState("");
  const [description, setDescription] = useState("");
  const artifacts = "run" in props ? props.artifacts : [];
  const folders = useMemo(() => foldersOf(artifacts), [artifacts]);
  const action = useAction(async () => {
    const source =
      "logged" in props
        ? { runId: props.logged.runId, ...modelOf(props.logged) }
        : { runId: props.run.id, ...(path !== "" && { artifactPath: path }) };
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
      {"logged" in props ? null : (
        <label class="field">
          File
          <select value={path} onChange={(event) => setPath(event.currentTarget.value)}>
            <option value="">The whole run</option>
            {folders.map((folder) => (
              <option key={folder} value={folder}>
                {folder}/ (folder)
              </option>
            ))}
            {artifacts.map((artifact) => (
              <option key={artifact.path} value={artifact.path}>
                {artifact.path}
              </option>
            ))}
          </select>
        </label>
      )}
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

function modelOf({ id, artifactPath }: LoggedModel): {
  readonly modelId: string;
  readonly artifactPath: string;
} {
  return { modelId: id, artifactPath };
}

/** Every folder that holds files, at any depth. */
function foldersOf(artifacts: readonly Artifact[]): readonly string[] {
  const folders = artifacts.flatMap(({ path }) => {
    const parts = path.split("/").slice(0, -1);
    return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
  });
  return [...new Set(folders)].sort(byName);
}
