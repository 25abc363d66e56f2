import type { Dataset, DatasetRecord } from "@rivulet/core";
import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { useAction } from "../../api/use-action.ts";
import { FormModal } from "../../components/form-modal.tsx";
import { addRecords, type NewRecord, replaceRecord } from "../../questions/datasets.ts";
import { readValue, valueText } from "./read-rows.ts";
import { tellVersion } from "./tell-version.ts";

/** Writes a row: a new one, or one in the place of another. */
export function RowEditor({
  dataset,
  record,
  onClose,
}: {
  dataset: Dataset;
  /** Without it the row is new. */
  record: DatasetRecord | undefined;
  onClose: () => void;
}): JSX.Element {
  const [inputs, setInputs] = useState(valueText(record?.inputs));
  const [expectations, setExpectations] = useState(valueText(record?.expectations));
  const action = useAction(async () => {
    const row = readRow(inputs, expectations);
    const after =
      record === undefined
        ? await addRecords(dataset.name, [row])
        : await replaceRecord(dataset.name, { before: record, after: row });
    tellVersion(dataset, after, record === undefined ? "Added a record" : "Changed a record");
  });
  return (
    <FormModal
      title={record === undefined ? "New record" : "Edit record"}
      action={action}
      input={() => undefined}
      onClose={onClose}
    >
      <ValueField label="Inputs" text={inputs} isRequired onChange={setInputs} />
      <ValueField label="Expectations" text={expectations} onChange={setExpectations} />
      <p class="muted">JSON, or a text as it is. Earlier versions of the dataset stay.</p>
    </FormModal>
  );
}

function readRow(inputs: string, expectations: string): NewRecord {
  return {
    inputs: readValue(inputs, "Inputs"),
    ...(expectations.trim() !== "" && { expectations: readValue(expectations, "Expectations") }),
  };
}

function ValueField({
  label,
  text,
  isRequired = false,
  onChange,
}: {
  label: string;
  text: string;
  isRequired?: boolean;
  onChange: (text: string) => void;
}): JSX.Element {
  return (
    <label class="field">
      {label}
      <textarea
        class="code-field"
        rows={Math.min(16, Math.max(4, text.split("\n").length + 1))}
        required={isRequired}
        spellcheck={false}
        value={text}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    </label>
  );
}
