import type { Experiment } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { rivulet } from "../../api/client.ts";
import { useAction } from "../../api/use-action.ts";
import { ConflictNotice, isConflict } from "../../components/conflict.tsx";
import { tagText } from "../../components/describe-dialog.tsx";
import { FormModal } from "../../components/form-modal.tsx";
import { rowsOf, TagFields, tagsOf } from "../../components/tag-fields.tsx";
import { notify } from "../../components/toasts.tsx";
import {
  createExperiment,
  type ExperimentText,
  textOf,
  updateExperiment,
} from "../../questions/experiments.ts";
import { paths } from "../../routing/paths.ts";
import { MetricFields } from "./metric-fields.tsx";

const NOTHING: ExperimentText = { name: "", notes: "", tags: {}, metrics: {} };

/** Makes an experiment, or changes what is written about one. */
export function ExperimentDialog({
  experiment,
  onClose,
}: {
  /** Without it a new one is made. */
  experiment?: Experiment;
  onClose: () => void;
}): JSX.Element {
  const [before, setBefore] = useState(experiment);
  const [text, setText] = useState(before === undefined ? NOTHING : textOf(before));
  const [rows, setRows] = useState(() => rowsOf(text.tags));
  const [isTheirs, setTheirs] = useState(false);
  const set = (change: Partial<ExperimentText>): void => setText({ ...text, ...change });
  const mine = { ...text, name: text.name.trim(), tags: tagsOf(rows) };
  const action = useAction(async () => {
    if (before === undefined) return create(mine);
    try {
      await change(before, mine);
    } catch (error) {
      if (isConflict(error)) {
        setBefore(await rivulet.experiments.get(before.id));
        setTheirs(true);
      }
      throw error;
    }
  });
  return (
    <FormModal
      title={before === undefined ? "New experiment" : `Edit ${before.name}`}
      action={isConflict(action.error) ? { ...action, error: null } : action}
      input={() => undefined}
      onClose={onClose}
    >
      <TextFields text={text} onChange={set} />
      <TagFields rows={rows} onChange={setRows} />
      <MetricFields metrics={text.metrics} onChange={(metrics) => set({ metrics })} />
      {isTheirs && before !== undefined ? (
        <ConflictNotice
          texts={textsOf(textOf(before), mine)}
          onTakeTheirs={() => {
            setText(textOf(before));
            setRows(rowsOf(textOf(before).tags));
            setTheirs(false);
          }}
        />
      ) : null}
    </FormModal>
  );
}

function TextFields({
  text,
  onChange,
}: {
  text: ExperimentText;
  onChange: (change: Partial<ExperimentText>) => void;
}): JSX.Element {
  return (
    <>
      <label class="field">
        Name
        <input
          class="input"
          required
          maxLength={500}
          value={text.name}
          onInput={(event) => onChange({ name: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        Notes, in Markdown
        <textarea
          rows={6}
          maxLength={8_000}
          value={text.notes}
          onInput={(event) => onChange({ notes: event.currentTarget.value })}
        />
      </label>
    </>
  );
}

async function create(text: ExperimentText): Promise<void> {
  const { id, name } = await createExperiment(text);
  notify({ text: `Made the experiment ${name}.` });
  location.hash = paths.aboutExperiment(id);
}

async function change(before: Experiment, text: ExperimentText): Promise<void> {
  const after = await updateExperiment(before, text);
  notify({
    text: `Changed ${after.name}.`,
    undo: () => updateExperiment(after, textOf(before)),
  });
}

function textsOf(theirs: ExperimentText, mine: ExperimentText) {
  const metricText = ({ metrics }: ExperimentText): string =>
    tagText(metrics)
      .replaceAll(/$/gm, " is better")
      .replace(/^ is better$/, "");
  return [
    { label: "Name", theirs: theirs.name, mine: mine.name },
    { label: "Notes", theirs: theirs.notes, mine: mine.notes },
    { label: "Tags", theirs: tagText(theirs.tags), mine: tagText(mine.tags) },
    { label: "Metrics", theirs: metricText(theirs), mine: metricText(mine) },
  ];
}
