import type { ModelVersion } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { useCan } from "../../api/me.ts";
import { useQuery } from "../../api/use-query.ts";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { DescribeDialog } from "../../components/describe-dialog.tsx";
import { Icon } from "../../components/icon.tsx";
import { askModel, deleteModelVersion, updateModelVersion } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";
import { ModelAliasDialog } from "./model-alias-dialog.tsx";
import { CopyVersionDialog } from "./name-dialogs.tsx";
import { StageDialog } from "./stage-dialog.tsx";

/** What can be done with one version of a model. */
export function ModelVersionActions({ version }: { version: ModelVersion }): JSX.Element | null {
  const canWrite = useCan("write");
  const [open, setOpen] = useState<"alias" | "stage" | "copy" | "edit" | "delete">();
  const close = (): void => setOpen(undefined);
  const model = useQuery(askModel(version.name)).data;
  if (!canWrite) return null;
  const key = { name: version.name, version: version.version };
  const title = `${key.name} v${key.version}`;
  return (
    <>
      {ACTS.map(([dialog, word]) => (
        <button
          key={dialog}
          type="button"
          class="button"
          disabled={model === undefined && dialog !== "edit"}
          onClick={() => setOpen(dialog)}
        >
          {word}
        </button>
      ))}
      <button type="button" class="button" onClick={() => setOpen("delete")}>
        <Icon name="trash" />
        Delete
      </button>
      {open === "alias" && model !== undefined ? (
        <ModelAliasDialog model={model} version={version.version} onClose={close} />
      ) : null}
      {open === "stage" && model !== undefined ? (
        <StageDialog model={model} version={version} onClose={close} />
      ) : null}
      {open === "copy" ? <CopyVersionDialog version={key} onClose={close} /> : null}
      {open === "edit" ? (
        <DescribeDialog
          name={title}
          thing={version}
          reload={() => rivulet.models.getVersion(`${key.name}@${key.version}`)}
          save={(patch) => updateModelVersion({ ...key, ...patch })}
          onClose={close}
        />
      ) : null}
      {open === "delete" ? (
        <ConfirmDialog
          title={`Delete ${title}?`}
          verb="Delete version"
          work={() => deleteModelVersion(key)}
          done={`Deleted ${title}.`}
          onDone={() => {
            location.hash = paths.model(key.name);
          }}
          onClose={close}
        >
          <Lost version={version} />
        </ConfirmDialog>
      ) : null}
    </>
  );
}

const ACTS = [
  ["alias", "Set alias"],
  ["stage", "Change stage"],
  ["copy", "Copy"],
  ["edit", "Edit"],
] as const;

function Lost({ version: { name, aliases, runId } }: { version: ModelVersion }): JSX.Element {
  return (
    <>
      <p>This cannot be undone, and the number is not used again.</p>
      {aliases.length === 0 ? null : (
        <p>
          {aliases.length === 1 ? "The alias" : "The aliases"} <strong>{aliases.join(", ")}</strong>{" "}
          go with it: apps that load {aliases.map((alias) => `${name}@${alias}`).join(", ")} will
          fail.
        </p>
      )}
      {runId === undefined ? null : <p class="muted">The run that made it keeps its files.</p>}
    </>
  );
}
