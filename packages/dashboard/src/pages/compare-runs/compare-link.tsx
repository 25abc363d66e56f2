import type { ComponentChildren, JSX } from "preact";
import { paths } from "../../routing/paths.ts";
import { comparisonOf, keepChosen } from "./chosen-runs.ts";

/** Leads to runs side by side, however many they are. */
export function CompareLink({
  ids,
  class: className = "button",
  children,
}: {
  ids: readonly string[];
  class?: string;
  children: ComponentChildren;
}): JSX.Element {
  // However it is opened, what its short name stands for is kept before.
  const onKeep = (event: MouseEvent): void => {
    if (keepChosen(ids) || event.type !== "click") return;
    event.preventDefault();
    location.hash = paths.compareRuns(ids);
  };
  return (
    <a
      class={className}
      href={comparisonOf(ids)}
      onClick={onKeep}
      onAuxClick={onKeep}
      onContextMenu={onKeep}
    >
      {children}
    </a>
  );
}
