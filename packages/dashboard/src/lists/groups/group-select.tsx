import type { JSX } from "preact";
import { useQueryState } from "../../routing/query-state.ts";
import { TREE } from "../tree/tree.ts";
import type { Grouping } from "./grouping.ts";

/** Chooses what the rows of a list are grouped by. */
export function GroupSelect({
  grouping: { fields },
  treeLabel,
}: {
  grouping: Grouping;
  /** Offers to show rows under others. */
  treeLabel: string | undefined;
}): JSX.Element {
  const [group, setGroup] = useQueryState("group");
  const isKnown = ["", TREE].includes(group) || fields.some(({ name }) => name === group);
  return (
    <select
      class="group-select"
      aria-label="Group by"
      value={group}
      onChange={(event) => setGroup(event.currentTarget.value)}
    >
      <option value="">Not grouped</option>
      {treeLabel === undefined ? null : <option value={TREE}>{treeLabel}</option>}
      {isKnown ? null : <option value={group}>By {group}</option>}
      {fields.map(({ name, label }) => (
        <option key={name} value={name}>
          By {label}
        </option>
      ))}
    </select>
  );
}
