import type { Run, RunUpdate } from "@rivulet/core";
import type { ComponentChildren, JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { ConflictNotice } from "../../components/conflict.tsx";
import { FormModal } from "../../components/form-modal.tsx";
import { readRunAnew, updateRun } from "../../questions/tracking.ts";

/** A text of a run that people write: its name, its notes, the value of a tag. */
export interface RunText {
  readonly label: string;
  /** Most characters. */
  readonly most: number;
  /** Lines of the field; one takes no breaks of lines, and must not be empty. */
  readonly lines: number;
  readonly of: (run: Run) => string;
  readonly patch: (text: string) => RunUpdate;
}

/** Changes one text of a run. What somebody else has written there meanwhile is shown, not lost. */
export function RunTextDialog({
  run,
  title,
  text,
  onClose,
  children,
}: {
  run: Run;
  title: string;
  text: RunText;
  onClose: () => void;
  /** What else is entered, above the text. */
  children?: ComponentChildren;
}): JSX.Element {
  const [before, setBefore] = useState(text.of(run));
  const [isTheirs, setTheirs] = useState(false);
  const [mine, setMine] = useState(before);
  const action = useAction(async (written: string) => {
    // Runs have no version that a write could expect: what is there is read just before.
    const theirs = text.of(await readRunAnew(run.id));
    setTheirs(theirs !== before && theirs !== written);
    setBefore(theirs);
    if (theirs !== before && theirs !== written) return;
    await updateRun(run.id, text.patch(written));
    onClose();
  });
  const takeTheirs = (): void => {
    setMine(before);
    setTheirs(false);
  };
  return (
    <FormModal title={title} action={action} input={() => mine} staysOpen onClose={onClose}>
      {children}
      <TextField text={text} value={mine} onChange={setMine} />
      {isTheirs ? (
        <ConflictNotice
          texts={[{ label: text.label, theirs: before, mine }]}
          onTakeTheirs={takeTheirs}
        />
      ) : null}
    </FormModal>
  );
}

function TextField({
  text: { label, most, lines },
  value,
  onChange,
}: {
  text: RunText;
  value: string;
  onChange: (value: string) => void;
}): JSX.Element {
  const field = {
    class: "input",
    maxLength: most,
    value,
    onInput: (event: { readonly currentTarget: { readonly value: string } }) =>
      onChange(event.currentTarget.value),
  };
  if (lines === 1) {
    return (
      <label class="field">
        {label}
        <input {...field} required />
      </label>
    );
  }
  return (
    <label class="field">
      {label}
      <textarea {...field} rows={lines} />
    </label>
  );
}
