import type { ComponentChildren, JSX } from "preact";
import { useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";

/** A button that opens a panel; Escape or leaving it closes the panel. */
export function Menu({
  label,
  icon,
  children,
}: {
  label: string;
  icon: IconName;
  children: ComponentChildren;
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const close = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !isOpen) return;
    setOpen(false);
    button.current?.focus();
  };
  const leave = (event: FocusEvent & { readonly currentTarget: HTMLElement }): void => {
    const next = event.relatedTarget;
    if (next instanceof Node && !event.currentTarget.contains(next)) setOpen(false);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only listens to what bubbles up from its controls
    <div class="menu" onKeyDown={close} onFocusOut={leave}>
      <button
        ref={button}
        type="button"
        class="button"
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon name={icon} />
        {label}
      </button>
      <div id={id} class="menu-panel" hidden={!isOpen}>
        {isOpen ? children : null}
      </div>
    </div>
  );
}
