import type { Run } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { refresh } from "../../api/query-client.ts";
import { FirstOfMany } from "../../components/first-of-many.tsx";
import { Icon } from "../../components/icon.tsx";
import { Key, KeyValueTable } from "../../components/key-value-table.tsx";
import { LongText } from "../../components/long-text.tsx";
import { Section } from "../../components/page.tsx";
import { TextField } from "../../components/text-field.tsx";
import { notify } from "../../components/toasts.tsx";
import { lookUp } from "../../format/look-up.ts";
import { updateRun } from "../../questions/tracking.ts";
import { NOTE_TAG } from "./run-notes.tsx";
import { type RunText, RunTextDialog } from "./run-text-dialog.tsx";
import { useCanWriteTo } from "./use-can-write-to.ts";

/** The tags of a run, to be set and removed by those who may write. */
export function RunTags({ run }: { run: Run }): JSX.Element {
  const [edited, setEdited] = useState<string>();
  const canWrite = useCanWriteTo(run);
  const entries = Object.entries(run.tags)
    .filter(([key]) => key !== NOTE_TAG)
    .sort(([a], [b]) => a.localeCompare(b));
  return (
    <Section
      title="Tags"
      actions={
        canWrite ? (
          <button type="button" class="link-button" onClick={() => setEdited("")}>
            Add tag
          </button>
        ) : null
      }
    >
      {canWrite && entries.length > 0 ? (
        <FirstOfMany label="Find among the tags" items={entries} textOf={(one) => one.join(" ")}>
          {(drawn) => (
            <table class="plain-table key-values" aria-label="Tags">
              <tbody>
                {drawn.map(([key, value]) => (
                  <tr key={key}>
                    <th scope="row">
                      <Key text={key} />
                    </th>
                    <td>
                      <LongText text={value} />
                    </td>
                    <td class="row-actions">
                      <TagButton
                        label={`Edit ${key}`}
                        icon="pencil"
                        onClick={() => setEdited(key)}
                      />
                      <TagButton
                        label={`Remove ${key}`}
                        icon="cross"
                        onClick={() => void removeTag(run.id, key, value)}
                      />
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </FirstOfMany>
      ) : (
        <KeyValueTable label="Tags" values={Object.fromEntries(entries)} empty="None set." />
      )}
      {edited === undefined ? null : (
        <TagDialog run={run} edited={edited} onClose={() => setEdited(undefined)} />
      )}
    </Section>
  );
}

function TagButton({
  label,
  icon,
  onClick,
}: {
  label: string;
  icon: "pencil" | "cross";
  onClick: () => void;
}): JSX.Element {
  return (
    <button type="button" class="icon-button" title={label} onClick={onClick}>
      <Icon name={icon} />
      <span class="hidden-text">{label}</span>
    </button>
  );
}

async function removeTag(id: string, key: string, value: string): Promise<void> {
  try {
    await rivulet.runs.update(id, { removeTags: [key] });
    notify({
      text: `Removed the tag ${key}.`,
      undo: () => updateRun(id, { tags: { [key]: value } }),
    });
  } catch (error) {
    notify({ text: error instanceof Error ? error.message : String(error) });
  }
  await refresh("run", [id]);
}

function TagDialog({
  run,
  edited,
  onClose,
}: {
  run: Run;
  /** Key of the tag, or empty for a new one. */
  edited: string;
  onClose: () => void;
}): JSX.Element {
  const [key, setKey] = useState(edited);
  return (
    <RunTextDialog
      run={run}
      title={edited === "" ? "Add tag" : `Edit ${edited}`}
      text={valueOfTag(key.trim())}
      onClose={onClose}
    >
      <TextField
        label="Key"
        required
        maxLength={250}
        readOnly={edited !== ""}
        value={key}
        onText={setKey}
      />
    </RunTextDialog>
  );
}

/** The value of a tag, set or not. */
function valueOfTag(key: string): RunText {
  return {
    label: "Value",
    most: 8_000,
    lines: 3,
    of: ({ tags }) => lookUp(tags, key) ?? "",
    patch: (text) => ({ tags: { [key]: text } }),
  };
}
