import { getAnchoredPosition } from "@primer/behaviors";
import type { ComponentChildren, JSX } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";

/** A button that opens a panel under it. Escape, or a click elsewhere, closes the panel: the browser sees to that. */
export function Menu({
  label,
  icon,
  isIconOnly = false,
  canShrink = false,
  title = isIconOnly || canShrink ? label : undefined,
  hasChevron = false,
  children,
}: {
  label: string;
  icon: IconName;
  /** The label is only for screen readers and on hover. @default false */
  isIconOnly?: boolean;
  /** In a narrow filter bar the label is only for screen readers and on hover, too. @default false */
  canShrink?: boolean;
  /** What the button says on hover. @default the label, where that is not shown */
  title?: string | undefined;
  /** Says that the button's words are a choice. @default false */
  hasChevron?: boolean;
  /** The panel's content, drawn while it is open. */
  children: ComponentChildren | ((close: () => void) => ComponentChildren);
}): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isOpen && panel.current !== null && button.current !== null) {
      placeUnder(panel.current, button.current);
    }
  });
  const close = (): void => panel.current?.hidePopover();
  return (
    <>
      <button
        ref={button}
        type="button"
        class={isIconOnly ? "icon-button" : "button"}
        title={title}
        popovertarget={id}
        aria-expanded={isOpen}
      >
        <Icon name={icon} />
        <span class={isIconOnly ? "hidden-text" : `button-label ${canShrink ? "can-shrink" : ""}`}>
          {label}
        </span>
        {hasChevron ? <Icon name="chevron-down" class="at-end" /> : null}
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        class="menu-panel"
        onToggle={(event) => setOpen(event.newState === "open")}
      >
        {isOpen ? (typeof children === "function" ? children(close) : children) : null}
      </div>
    </>
  );
}

/** Puts a panel of the top layer under what it belongs to, or above where there is no room. */
export function placeUnder(panel: HTMLElement, anchor: HTMLElement): void {
  const { top, left } = getAnchoredPosition(panel, anchor, {
    side: "outside-bottom",
    align: "start",
  });
  panel.style.top = `${top}px`;
  panel.style.left = `${left}px`;
}
