import type { Run } from "@rivulet/core";
import type { JSX } from "preact";
import { KeyValueTable } from "../../components/key-value-table.tsx";
import { ErrorNotice } from "../../components/notices.tsx";
import { Section } from "../../components/page.tsx";
import { Markdown } from "../../content/markdown.tsx";
import { RunFacts } from "./run-facts.tsx";

/** The tag in which MLflow and its clients keep the notes of a run. */
const NOTES = "mlflow.note.content";

/** A run in the side panel of the list: facts, notes, metrics, params, tags. */
export function RunPreview({ run }: { run: Run }): JSX.Element {
  const { [NOTES]: notes = "", ...tags } = run.tags;
  return (
    <>
      <RunFacts run={run} />
      {run.statusMessage === undefined ? null : (
        <ErrorNotice error={new Error(run.statusMessage)} />
      )}
      {notes === "" ? null : (
        <Section title="Notes">
          <Markdown text={notes} />
        </Section>
      )}
      <Section title="Metrics">
        <KeyValueTable label="Metrics" values={run.metrics} empty="None logged." />
      </Section>
      <Section title="Parameters">
        <KeyValueTable label="Parameters" values={run.params} empty="None logged." />
      </Section>
      <Section title="Tags">
        <KeyValueTable label="Tags" values={tags} empty="None set." />
      </Section>
    </>
  );
}
