import type { ModelVersion, RegisteredModel } from "@rivulet/core";
import type { JSX } from "preact";
import { rivulet } from "../../api/client.ts";
import { useQuery } from "../../api/use-query.ts";
import { DeleteButton, DialogButton, EditButton } from "../../components/thing-actions.tsx";
import { askModel, deleteModelVersion, updateModelVersion } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";
import { LostAliases } from "./lost-aliases.tsx";
import { ModelAliasDialog } from "./model-alias-dialog.tsx";
import { CopyVersionDialog } from "./name-dialogs.tsx";
import { StageDialog } from "./stage-dialog.tsx";

/** What can be done with one version of a model. */
export function ModelVersionActions({ version }: { version: ModelVersion }): JSX.Element {
  const model = useQuery(askModel(version.name)).data;
  const key = { name: version.name, version: version.version };
  const title = `${key.name} v${key.version}`;
  const ofModel = (
    label: string,
    dialog: (known: RegisteredModel, close: () => void) => JSX.Element,
  ): JSX.Element => (
    <DialogButton
      label={label}
      isOff={model === undefined}
      dialog={(close) => (model === undefined ? <></> : dialog(model, close))}
    />
  );
  return (
    <>
      {ofModel("Set alias", (known, close) => (
        <ModelAliasDialog model={known} version={version.version} onClose={close} />
      ))}
      {ofModel("Change stage", (known, close) => (
        <StageDialog model={known} version={version} onClose={close} />
      ))}
      {ofModel("Copy", (_, close) => (
        <CopyVersionDialog version={key} onClose={close} />
      ))}
      <EditButton
        name={title}
        thing={version}
        reload={() => rivulet.models.getVersion(`${key.name}@${key.version}`)}
        save={(patch) => updateModelVersion({ ...key, ...patch })}
      />
      <DeleteButton
        title={`Delete ${title}?`}
        verb="Delete version"
        work={() => deleteModelVersion(key)}
        done={`Deleted ${title}.`}
        after={paths.model(key.name)}
      >
        <p>This cannot be undone, and the number is not used again.</p>
        {version.aliases.length === 0 ? null : (
          <ul>
            <LostAliases name={key.name} aliases={version.aliases} verb="load" />
          </ul>
        )}
        {version.runId === undefined ? null : (
          <p class="muted">The run that made it keeps its files.</p>
        )}
      </DeleteButton>
    </>
  );
}
