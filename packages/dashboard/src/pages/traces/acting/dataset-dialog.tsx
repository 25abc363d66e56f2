import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../../api/use-action.ts";
import { usePages } from "../../../api/use-query.ts";
import { FormModal } from "../../../components/form-modal.tsx";
import { Segmented } from "../../../components/segmented.tsx";
import { TextField } from "../../../components/text-field.tsx";
import { notify } from "../../../components/toasts.tsx";
import { askDatasets } from "../../../questions/datasets.ts";
import { type AddedExample, addExample } from "../../../questions/examples.ts";
import type { ActingProps } from "../trace-actions.tsx";

const PARTS = [
  { value: "trace", label: "The trace" },
  { value: "span", label: "The span that is open" },
] as const;

/** Makes a trace, or one span of it, an example of a dataset that there is or that is made now. */
export function DatasetDialog({ trace, spanId, onClose }: ActingProps): JSX.Element {
  const datasets = usePages(askDatasets({})).data ?? [];
  const [chosen, setChosen] = useState<string>();
  const [name, setName] = useState("");
  const [part, setPart] = useState<"trace" | "span">(spanId === "" ? "trace" : "span");
  const [takesOutput, setTakesOutput] = useState(false);
  const existing = chosen ?? datasets[0]?.name ?? "";
  const action = useAction(async (example: AddedExample) => {
    const { name: into, version } = await addExample(example);
    notify({ text: `Added to ${into}, which is at version ${version} now.` });
  });
  return (
    <FormModal
      title="Add to dataset"
      action={action}
      submitLabel="Add"
      isReady={existing !== "" || name.trim() !== ""}
      input={() => ({
        dataset: existing === "" ? name.trim() : existing,
        isNew: existing === "",
        traceId: trace.id,
        spanId: part === "span" ? spanId : undefined,
        takesOutput,
      })}
      onClose={onClose}
    >
      <label class="field">
        Dataset
        <select value={existing} onChange={(event) => setChosen(event.currentTarget.value)}>
          {datasets.map((dataset) => (
            <option key={dataset.name} value={dataset.name}>
              {dataset.name}
            </option>
          ))}
          <option value="">New dataset…</option>
        </select>
      </label>
      {existing === "" ? <TextField label="Name" value={name} onText={setName} /> : null}
      {spanId === "" ? null : (
        <div class="field">
          What goes in
          <Segmented label="What goes in" choices={PARTS} value={part} onChange={setPart} />
        </div>
      )}
      <label class="tick">
        <input
          type="checkbox"
          checked={takesOutput}
          onChange={(event) => setTakesOutput(event.currentTarget.checked)}
        />
        Its output is what should come out
      </label>
      <p class="muted">
        {part === "trace"
          ? "The input of the trace becomes the example; expectations logged on it are taken along."
          : "The input of the span becomes the example."}
      </p>
    </FormModal>
  );
}
