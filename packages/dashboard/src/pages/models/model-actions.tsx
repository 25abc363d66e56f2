import type { RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { rivulet } from "../../api/client.ts";
import { DeleteButton, DialogButton, EditButton } from "../../components/thing-actions.tsx";
import { deleteModel, updateModel } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";
import { LostAliases } from "./lost-aliases.tsx";
import { ModelAliasDialog } from "./model-alias-dialog.tsx";
import { RenameModelDialog } from "./name-dialogs.tsx";

/** What can be done with a model as a whole. */
export function ModelActions({ model }: { model: RegisteredModel }): JSX.Element {
  const { name, latestVersion } = model;
  return (
    <>
      {latestVersion === undefined ? null : (
        <DialogButton
          label="Set alias"
          icon="plus"
          dialog={(close) => <ModelAliasDialog model={model} onClose={close} />}
        />
      )}
      <EditButton
        name={name}
        thing={model}
        reload={() => rivulet.models.get(name)}
        save={(patch) => updateModel(name, patch)}
      />
      <DialogButton
        label="Rename"
        dialog={(close) => <RenameModelDialog name={name} onClose={close} />}
      />
      <DeleteButton
        title={`Delete the model ${name}?`}
        verb="Delete model"
        typed={name}
        work={() => deleteModel(name)}
        done={`Deleted the model ${name}.`}
        after={paths.models}
      >
        <p>This cannot be undone. What goes, and what depends on it:</p>
        <ul>
          <li>
            {latestVersion === 1 ? "its only version" : `all versions up to v${latestVersion ?? 0}`}
          </li>
          <LostAliases name={name} aliases={Object.keys(model.aliases)} verb="load" />
        </ul>
        <p class="muted">The runs that made its versions keep their files.</p>
      </DeleteButton>
    </>
  );
}
