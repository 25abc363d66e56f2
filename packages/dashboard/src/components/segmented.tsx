import type { JSX } from "preact";
import { useId } from "preact/hooks";

/** One of a few choices. */
export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
}

/** A few choices side by side; radio buttons underneath. */
export function Segmented<T extends string>({
  label,
  choices,
  value,
  onChange,
}: {
  label: string;
  choices: readonly Choice<T>[];
  value: T;
  onChange: (value: T) => void;
}): JSX.Element {
  const name = useId();
  return (
    <fieldset class="segmented">
      <legend class="hidden-text">{label}</legend>
      {choices.map((choice) => (
        <label key={choice.value} class={choice.value === value ? "is-on" : ""}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChange(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}
