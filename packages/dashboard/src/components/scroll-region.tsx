import type { ComponentChildren, JSX, RefObject } from "preact";

/** A part of the page that scrolls by itself; it takes the focus, so that the keyboard can scroll it. */
export function ScrollRegion({
  label,
  class: className,
  scroller,
  children,
}: {
  label: string;
  class: string;
  scroller?: RefObject<HTMLElement>;
  children: ComponentChildren;
}): JSX.Element {
  return (
    <section
      ref={scroller ?? null}
      class={className}
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      {children}
    </section>
  );
}
