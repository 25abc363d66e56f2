import type { Run } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Section } from "../../components/page.tsx";
import { Markdown } from "../../content/markdown.tsx";
import { type RunText, RunTextDialog } from "./run-text-dialog.tsx";
import { useCanWriteTo } from "./use-can-write-to.ts";

/** The tag under which MLflow's clients keep a run's notes, too. */
export const NOTE_TAG = "mlflow.note.content";

const NOTES: RunText = {
  label: "Markdown",
  most: 8_000,
  lines: 10,
  of: ({ tags }) => tags[NOTE_TAG] ?? "",
  patch: (text) =>
    text.trim() === "" ? { removeTags: [NOTE_TAG] } : { tags: { [NOTE_TAG]: text.trim() } },
};

/** What people have written about a run, in Markdown. */
export function RunNotes({ run }: { run: Run }): JSX.Element | null {
  const [isOpen, setOpen] = useState(false);
  const canWrite = useCanWriteTo(run);
  const note = NOTES.of(run);
  if (note === "" && !canWrite) return null;
  return (
    <Section
      title="Notes"
      actions={
        canWrite ? (
          <button type="button" class="link-button" onClick={() => setOpen(true)}>
            {note === "" ? "Write" : "Edit notes"}
          </button>
        ) : null
      }
    >
      {note === "" ? <p class="muted">None written.</p> : <Markdown text={note} />}
      {isOpen ? (
        <RunTextDialog run={run} title="Notes" text={NOTES} onClose={() => setOpen(false)} />
      ) : null}
    </Section>
  );
}
