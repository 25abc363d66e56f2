import type { ModelVersion } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { useCan } from "../../api/me.ts";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { DescribeDialog } from "../../components/describe-dialog.tsx";
import { Icon } from "../../components/icon.tsx";
import { deleteModelVersion, updateModelVersion } from "../../questions/models.ts";
import { paths } from "../../routing/paths.ts";

/** What can be done with one version of a model. */
export function ModelVersionActions({ version }: { version: ModelVersion }): JSX.Element | null {
  const canWrite = useCan("write");
  const [open, setOpen] = useState<"edit" | "delete">();
  const close = (): void => setOpen(undefined);
  if (!canWrite) return null;
  const key = { name: version.name, version: version.version };
  const title = `${key.name} v${key.version}`;
  return (
    <>
      <button type="button" class="button" onClick={() => setOpen("edit")}>
        Edit
      </button>
      <button type="button" class="button" onClick={() => setOpen("delete")}>
        <Icon name="trash" />
        Delete
      </button>
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
