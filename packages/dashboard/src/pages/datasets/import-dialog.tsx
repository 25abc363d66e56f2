import type { Dataset } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { JsonCell } from "../../components/json-cell.tsx";
import { PlainTable } from "../../components/plain-table.tsx";
import { addRecords, addTraces, type NewRecord } from "../../questions/datasets.ts";
import { readRows } from "./read-rows.ts";
import { tellVersion } from "./tell-version.ts";

interface DialogProps {
  readonly dataset: Dataset;
  readonly onClose: () => void;
}

/** Rows shown before they are taken in. */
const SHOWN = 5;
/** The API takes no more at once. */
const BATCH = 10_000;

/** Takes in the rows of a file, once one has seen how they are read. */
export function ImportDialog({ dataset, onClose }: DialogProps): JSX.Element {
  const [rows, setRows] = useState<readonly NewRecord[]>([]);
  const read = useAction(async (file: File) => setRows(readRows(await file.text(), file.name)));
  const action = useAction(async () => {
    let after = dataset;
    for (let from = 0; from < rows.length; from += BATCH) {
      after = await addRecords(dataset.name, rows.slice(from, from + BATCH));
    }
    tellVersion(dataset, after, `Imported ${countOf(rows.length)}`);
  });
  return (
    <FormModal
      title="Import records"
      action={read.error === null ? action : { ...action, error: read.error }}
      input={() => undefined}
      submitLabel={rows.length === 0 ? "Import" : `Import ${countOf(rows.length)}`}
      isReady={rows.length > 0 && read.error === null}
      onClose={onClose}
    >
      <label class="field">
        A file of JSON, JSON lines or CSV
        <input
          type="file"
          accept=".json,.jsonl,.ndjson,.csv,.tsv"
          onChange={(event) => {
            const [file] = event.currentTarget.files ?? [];
            if (file !== undefined) void read.run(file);
          }}
        />
      </label>
      <p class="muted">
        Each record has <code>inputs</code> and <code>expectations</code>. Without{" "}
        <code>inputs</code>, all columns but <code>expectations</code> or <code>expected</code> are
        its inputs.
      </p>
      {rows.length === 0 ? null : <Preview rows={rows.slice(0, SHOWN)} />}
    </FormModal>
  );
}

function Preview({ rows }: { rows: readonly NewRecord[] }): JSX.Element {
  return (
    <PlainTable label="The first rows" class="preview-table" head={["Inputs", "Expectations"]}>
      {rows.map((row, index) => (
        <tr key={`${index} ${rows.length}`}>
          <td>
            <JsonCell value={row.inputs} />
          </td>
          <td>
            <JsonCell value={row.expectations} />
          </td>
        </tr>
      ))}
    </PlainTable>
  );
}

/** Makes rows of traces: of what they were given, and what people said should have come out. */
export function FromTracesDialog({ dataset, onClose }: DialogProps): JSX.Element {
  const [text, setText] = useState("");
  const [outputsAsExpectations, setOutputs] = useState(false);
  const traceIds = text.split(/[\s,]+/).filter((id) => id !== "");
  const action = useAction(async () => {
    const after = await addTraces(dataset.name, { traceIds, outputsAsExpectations });
    tellVersion(dataset, after, `Added ${countOf(traceIds.length)}`);
  });
  return (
    <FormModal
      title="Records from traces"
      action={action}
      input={() => undefined}
      submitLabel="Add"
      isReady={traceIds.length > 0}
      onClose={onClose}
    >
      <label class="field">
        Ids of traces
        <textarea
          class="code-field"
          rows={5}
          spellcheck={false}
          value={text}
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </label>
      <label class="tick">
        <input
          type="checkbox"
          checked={outputsAsExpectations}
          onChange={(event) => setOutputs(event.currentTarget.checked)}
        />
        The output of a trace without expectations is what should come out
      </label>
    </FormModal>
  );
}

function countOf(rows: number): string {
  return rows === 1 ? "1 record" : `${rows} records`;
}
