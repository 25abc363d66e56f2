import type { ComponentChildren, JSX } from "preact";
import { useCan } from "../../api/me.ts";
import { readRows } from "../../api/read-rows.ts";
import { useAction } from "../../api/use-action.ts";
import { useQuery } from "../../api/use-query.ts";
import { ErrorNotice } from "../../components/notices.tsx";
import { notify } from "../../components/toasts.tsx";
import { formatCount } from "../../format/numbers.ts";
import type { ListSpec } from "../list-spec.ts";
import type { ListState } from "../use-list.ts";
import { SelectionWrites } from "./selection-writes.tsx";

/** Most rows that are ticked at once. */
const MOST = 10_000;

/** What the bar needs to know of its list. */
interface SelectionBarProps<Row extends object> {
  readonly spec: ListSpec<Row>;
  readonly list: ListState<Row>;
}

/** Under a list while rows are ticked: how many, and what can be done to them. */
export function SelectionBar<Row extends object>({
  spec,
  list,
  children,
}: SelectionBarProps<Row> & {
  /** Actions of the list alone. */
  children: ComponentChildren;
}): JSX.Element {
  const canWrite = useCan("write");
  const { keys, clear } = list.selection;
  return (
    <section class="selection-bar" aria-label="Selected rows">
      <strong>{formatCount(keys.size)} selected</strong>
      <SelectAll spec={spec} list={list} />
      {children}
      {canWrite && spec.bulk !== undefined ? (
        <SelectionWrites
          writes={spec.bulk}
          what={`${formatCount(keys.size)} ${keys.size === 1 ? spec.noun : spec.title.toLowerCase()}`}
          ids={[...keys]}
          isDeleted={list.query.lifecycle === "deleted"}
          onDone={clear}
        />
      ) : null}
      <button type="button" class="button" onClick={clear}>
        Clear
      </button>
    </section>
  );
}

/** Ticks what is not loaded yet. */
function SelectAll<Row extends object>({ spec, list }: SelectionBarProps<Row>): JSX.Element | null {
  const { selection, answer } = list;
  const count = useQuery(spec.count?.(list.query)).data;
  const action = useAction(async () => {
    const { rows: found, isCut } = await readRows(spec.ask({ ...list.query, limit: 1_000 }), {
      most: MOST,
      signal: new AbortController().signal,
    });
    selection.add(found.map(spec.keyOf));
    if (isCut) notify({ text: `The first ${formatCount(MOST)} are selected, not all.` });
  });
  if (!selection.hasAll || !answer.hasMore) return null;
  if (selection.keys.size >= Math.min(count ?? Number.POSITIVE_INFINITY, MOST)) return null;
  return (
    <>
      <button
        type="button"
        class="button"
        disabled={action.isRunning}
        onClick={() => void action.run(undefined)}
      >
        {wordsFor(count, spec.title.toLowerCase())}
      </button>
      {action.error === null ? null : <ErrorNotice error={action.error} />}
    </>
  );
}

/** Says what will be ticked: all that there are, or as many as can be. */
function wordsFor(count: number | undefined, things: string): string {
  if (count === undefined) return `Select all ${things} found`;
  if (count <= MOST) return `Select all ${formatCount(count)}`;
  return `Select the first ${formatCount(MOST)} of ${formatCount(count)}`;
}
