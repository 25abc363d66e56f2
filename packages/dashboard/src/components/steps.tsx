import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { Icon } from "./icon.tsx";

/** Buttons to the item before and the next, which J and K press; where one writes they are letters. */
export function Steps({
  index,
  count,
  onStep,
}: {
  /** From 0. */
  index: number;
  count: number;
  onStep: (index: number) => void;
}): JSX.Element {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
      if (event.key === "j" && index < count - 1) onStep(index + 1);
      if (event.key === "k" && index > 0) onStep(index - 1);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [index, count, onStep]);
  return (
    <div class="steps">
      <button
        type="button"
        class="icon-button"
        title="Previous (K)"
        disabled={index <= 0}
        onClick={() => onStep(index - 1)}
      >
        <Icon name="chevron-up" />
        <span class="hidden-text">Previous</span>
      </button>
      <button
        type="button"
        class="icon-button"
        title="Next (J)"
        disabled={index >= count - 1}
        onClick={() => onStep(index + 1)}
      >
        <Icon name="chevron-down" />
        <span class="hidden-text">Next</span>
      </button>
      <span class="muted number">
        {index + 1} of {count}
      </span>
    </div>
  );
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select") !== null;
}
