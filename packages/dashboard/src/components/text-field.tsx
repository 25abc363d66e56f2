import type { ComponentChildren, JSX } from "preact";

/** A labelled field of a form that holds text. */
export function TextField({
  label,
  value,
  onText,
  rows,
  ...input
}: {
  label: ComponentChildren;
  value: string;
  onText: (text: string) => void;
  /** Lines, where it may have several. @default one, which Enter submits */
  rows?: number;
  required?: boolean;
  maxLength?: number;
  placeholder?: string;
  type?: string;
  pattern?: string;
  /** What it must look like. */
  title?: string;
  readOnly?: boolean;
}): JSX.Element {
  const onInput = (event: { readonly currentTarget: { readonly value: string } }): void =>
    onText(event.currentTarget.value);
  const field = { class: "input", ...input, value, onInput };
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: it is one of the two in it.
    <label class="field">
      {label}
      {rows === undefined ? <input {...field} /> : <textarea rows={rows} {...(field as object)} />}
    </label>
  );
}
