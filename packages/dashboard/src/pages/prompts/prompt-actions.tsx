import type { PromptEntry } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { useCan } from "../../api/me.ts";
import { useQuery } from "../../api/use-query.ts";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { DescribeDialog } from "../../components/describe-dialog.tsx";
import { Icon } from "../../components/icon.tsx";
import { askPromptUsage, deletePrompt, updatePrompt } from "../../questions/prompts.ts";
import { paths } from "../../routing/paths.ts";
import { quote } from "../../search/filter-text.ts";

/** What can be done with a prompt as a whole. */
export function PromptActions({ entry }: { entry: PromptEntry }): JSX.Element {
  const { name } = entry;
  const canWrite = useCan("write");
  const [open, setOpen] = useState<"edit" | "delete">();
  const close = (): void => setOpen(undefined);
  return (
    <>
      <a class="button" href={paths.scoped("traces", {}, { text: `prompt = ${quote(name)}` })}>
        Traces
      </a>
      {canWrite ? (
        <>
          <button type="button" class="button" onClick={() => setOpen("edit")}>
            Edit
          </button>
          <button type="button" class="button" onClick={() => setOpen("delete")}>
            <Icon name="trash" />
            Delete
          </button>
        </>
      ) : null}
      {open === "edit" ? (
        <DescribeDialog
          name={name}
          thing={entry}
          reload={() => rivulet.prompts.getEntry(name)}
          save={(patch) => updatePrompt(name, patch)}
          onClose={close}
        />
      ) : null}
      {open === "delete" ? <DeletePrompt entry={entry} onClose={close} /> : null}
    </>
  );
}

function DeletePrompt({
  entry: { name, latestVersion, aliases },
  onClose,
}: {
  entry: PromptEntry;
  onClose: () => void;
}): JSX.Element {
  const groups = useQuery(askPromptUsage(name)).data ?? [];
  const calls = groups
    .filter(({ group }) => group["prompt"]?.startsWith(`${name}/`) === true)
    .reduce((sum, { count }) => sum + count, 0);
  const names = Object.keys(aliases);
  return (
    <ConfirmDialog
      title={`Delete the prompt ${name}?`}
      verb="Delete prompt"
      typed={name}
      work={() => deletePrompt(name)}
      done={`Deleted the prompt ${name}.`}
      onDone={() => {
        location.hash = paths.prompts;
      }}
      onClose={onClose}
    >
      <p>This cannot be undone. What goes, and what depends on it:</p>
      <ul>
        <li>{latestVersion === 1 ? "its only version" : `all ${latestVersion} versions`}</li>
        {names.length === 0 ? null : (
          <li>
            {names.length === 1 ? "the alias" : "the aliases"} <strong>{names.join(", ")}</strong>:
            apps that ask for {names.map((alias) => `${name}@${alias}`).join(", ")} will fail
          </li>
        )}
        {calls === 0 ? null : (
          <li>the text behind {calls} recorded calls; their traces stay, and name the version</li>
        )}
      </ul>
    </ConfirmDialog>
  );
}
