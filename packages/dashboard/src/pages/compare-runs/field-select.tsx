import type { JSX } from "preact";
import type { ComparedField } from "./compared-fields.ts";

/** Chooses one of the fields that runs are compared by. */
export function FieldSelect({
  label,
  fields,
  value,
  onChange,
}: {
  label: string;
  fields: readonly ComparedField[];
  value: string;
  onChange: (id: string) => void;
}): JSX.Element {
  const groups = [
    ["Metrics", fields.filter(({ isMetric }) => isMetric)],
    ["Parameters", fields.filter(({ isMetric }) => !isMetric)],
  ] as const;
  return (
    <label class="field-select">
      <span class="muted">{label}</span>
      <select class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {groups.map(([title, some]) =>
          some.length === 0 ? null : (
            <optgroup key={title} label={title}>
              {some.map((field) => (
                <option key={field.id} value={field.id}>
                  {field.label}
                </option>
              ))}
            </optgroup>
          ),
        )}
      </select>
    </label>
  );
}
