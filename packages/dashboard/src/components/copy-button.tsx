import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { Icon } from "./icon.tsx";

/** Puts text on the clipboard. */
export function CopyButton({
  text,
  label,
}: {
  /** A function where the text takes a while to make. */
  text: string | (() => string);
  label: string;
}): JSX.Element {
  const [isDone, setDone] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(typeof text === "string" ? text : text());
      setDone(true);
    } catch {
      // No permission, or no secure context: the text can still be selected.
      setDone(false);
    }
  };
  return (
    <button
      type="button"
      class="icon-button"
      title={label}
      onClick={() => void copy()}
      onBlur={() => setDone(false)}
    >
      <Icon name={isDone ? "check" : "copy"} />
      <span class="hidden-text">{isDone ? "Copied" : label}</span>
    </button>
  );
}
