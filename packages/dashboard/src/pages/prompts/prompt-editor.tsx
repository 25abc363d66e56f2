import type { PromptVersion } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { TextField } from "../../components/text-field.tsx";
import { notify } from "../../components/toasts.tsx";
import { TextDiff } from "../../content/text-diff.tsx";
import { registerPrompt } from "../../questions/prompts.ts";
import { paths } from "../../routing/paths.ts";
import { type Draft, draftOf, versionOf } from "./draft.ts";
import { DraftFields } from "./draft-fields.tsx";
import { versionText } from "./version-text.ts";

export interface PromptEditorProps {
  /** The version to start from; without it the prompt is new. */
  readonly base?: PromptVersion | undefined;
  /** Number of the newest version, 0 for a new prompt. */
  readonly latest: number;
  readonly onClose: () => void;
}

/** Writes a new version: first the text, then what has changed in it, then it is saved. */
export function PromptEditor({ base, latest, onClose }: PromptEditorProps): JSX.Element {
  const [name, setName] = useState(base?.name ?? "");
  const [draft, setDraft] = useState<Draft>(() => draftOf(base));
  const [known, setKnown] = useState(latest);
  const [isReview, setReview] = useState(base === undefined);
  const action = useAction(async () => {
    const version = versionOf(name.trim(), draft);
    if (!isReview) return setReview(true);
    if (base !== undefined) await requireNewest(base.name, known, setKnown);
    await save(version, known);
    onClose();
  });
  const title = base === undefined ? "New prompt" : `New version of ${base.name}`;
  return (
    <FormModal
      title={title}
      size="wide"
      action={action}
      input={() => undefined}
      submitLabel={isReview ? `Save as v${known + 1}` : "Review changes"}
      staysOpen
      onClose={onClose}
    >
      {base !== undefined && isReview ? (
        <>
          <Changes base={base} draft={draft} />
          <button type="button" class="button at-start" onClick={() => setReview(false)}>
            Back to the text
          </button>
        </>
      ) : (
        <>
          {base === undefined ? <NameField name={name} onChange={setName} /> : null}
          <DraftFields draft={draft} onChange={setDraft} />
        </>
      )}
    </FormModal>
  );
}

function NameField({
  name,
  onChange,
}: {
  name: string;
  onChange: (name: string) => void;
}): JSX.Element {
  return (
    <TextField
      label="Name"
      required
      maxLength={250}
      pattern="[\w.\-]+"
      title="Letters, digits, _ . and -"
      value={name}
      onText={onChange}
    />
  );
}

function Changes({ base, draft }: { base: PromptVersion; draft: Draft }): JSX.Element {
  const after = versionOf(base.name, draft);
  return (
    <TextDiff
      before={versionText(base)}
      after={versionText(after)}
      beforeName={`v${base.version}`}
      afterName="yours"
    />
  );
}

/** Somebody else may have saved a version meanwhile; it stays, and yours comes after it once that is known. */
async function requireNewest(
  name: string,
  known: number,
  onNewer: (latest: number) => void,
): Promise<void> {
  const { latestVersion } = await rivulet.prompts.getEntry(name);
  if (latestVersion === known) return;
  onNewer(latestVersion);
  throw new Error(
    `Somebody saved v${latestVersion} meanwhile. Look at it, or save yours after it as v${latestVersion + 1}.`,
  );
}

async function save(version: Parameters<typeof registerPrompt>[0], latest: number): Promise<void> {
  const made = await registerPrompt(version);
  const text =
    made.version > latest
      ? `Saved v${made.version} of ${made.name}.`
      : `Nothing has changed: v${made.version} of ${made.name} is the same.`;
  notify({ text });
  location.hash = paths.prompt(made.name, made.version);
}
