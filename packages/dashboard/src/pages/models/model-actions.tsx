import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { useCan } from "../../api/me.ts";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { DescribeDialog } from "../../components/describe-dialog.tsx";
import { Icon } from "../../components/icon.tsx";
import { deleteModel, updateModel } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";
import { ModelAliasDialog } from "./model-alias-dialog.tsx";
import { RenameModelDialog } from "./name-dialogs.tsx";

/** What can be done with a model as a whole. */
export function ModelActions({ model }: { model: RegisteredModel }): JSX.Element | null {
  const { name } = model;
  const canWrite = useCan("write");
  const [open, setOpen] = useState<"alias" | "edit" | "rename" | "delete">();
  const close = (): void => setOpen(undefined);
  if (!canWrite) return null;
  return (
    <>
      {model.latestVersion === undefined ? null : (
        <button type="button" class="button" onClick={() => setOpen("alias")}>
          <Icon name="plus" />
          Set alias
        </button>
      )}
      <button type="button" class="button" onClick={() => setOpen("edit")}>
        Edit
      </button>
      <button type="button" class="button" onClick={() => setOpen("rename")}>
        Rename
      </button>
      <button type="button" class="button" onClick={() => setOpen("delete")}>
        <Icon name="trash" />
        Delete
      </button>
      {open === "alias" ? <ModelAliasDialog model={model} onClose={close} /> : null}
      {open === "edit" ? (
        <DescribeDialog
          name={name}
          thing={model}
          reload={() => rivulet.models.get(name)}
          save={(patch) => updateModel(name, patch)}
          onClose={close}
        />
      ) : null}
      {open === "rename" ? <RenameModelDialog name={name} onClose={close} /> : null}
      {open === "delete" ? <DeleteModel model={model} onClose={close} /> : null}
    </>
  );
}

function DeleteModel({
  model: { name, latestVersion = 0, aliases },
  onClose,
}: {
  model: RegisteredModel;
  onClose: () => void;
}): JSX.Element {
  const names = Object.keys(aliases);
  return (
    <ConfirmDialog
      title={`Delete the model ${name}?`}
      verb="Delete model"
      typed={name}
      work={() => deleteModel(name)}
      done={`Deleted the model ${name}.`}
      onDone={() => {
        location.hash = paths.models;
      }}
      onClose={onClose}
    >
      <p>This cannot be undone. What goes, and what depends on it:</p>
      <ul>
        <li>{latestVersion === 1 ? "its only version" : `all versions up to v${latestVersion}`}</li>
        {names.length === 0 ? null : (
          <li>
            {names.length === 1 ? "the alias" : "the aliases"} <strong>{names.join(", ")}</strong>:
            apps that load {names.map((alias) => `${name}@${alias}`).join(", ")} will fail
          </li>
        )}
      </ul>
      <p class="muted">The runs that made its versions keep their files.</p>
    </ConfirmDialog>
  );
}
