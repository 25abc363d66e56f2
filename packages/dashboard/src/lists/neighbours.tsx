import type { JSX } from "preact";
import { useEffect } from "preact/hooks";
import { useSearch } from "wouter-preact";
import { usePages } from "../api/use-query.ts";
import { Icon } from "../components/icon.tsx";
import { formatCount } from "../format/numbers.ts";
import { fromSameList, type ListOrigin, readOrigin } from "./from-list.ts";
import { readListQuery } from "./list-query.ts";
import type { ListIdentity } from "./list-spec.ts";

/** As many rows are looked through for the one that is open. */
const SEARCHED = 1_000;

/** On the full page of a row that was opened from a list: the one before, the next, and the way back. J and K do the same. */
export function Neighbours<Row extends object>(props: {
  spec: ListIdentity<Row>;
  /** Key of the row whose page this is. */
  current: string;
}): JSX.Element | null {
  const origin = readOrigin(useSearch());
  return origin === undefined ? null : <InList {...props} origin={origin} />;
}

function InList<Row extends object>({
  spec,
  current,
  origin,
}: {
  spec: ListIdentity<Row>;
  current: string;
  origin: ListOrigin;
}): JSX.Element {
  const answer = usePages(spec.ask(readListQuery(spec, origin.params, origin.experimentId)));
  const rows = answer.data ?? [];
  const index = rows.findIndex((row) => spec.keyOf(row) === current);
  const isMoreNeeded = index === -1 ? rows.length < SEARCHED : index === rows.length - 1;
  useEffect(() => {
    if (isMoreNeeded && answer.hasMore && !answer.isLoadingMore) answer.loadMore();
  }, [isMoreNeeded, answer.hasMore, answer.isLoadingMore]);
  const hrefOf = (row: Row | undefined): string | undefined =>
    row === undefined || index === -1 ? undefined : fromSameList(spec.hrefOf(row), origin);
  const before = hrefOf(rows[index - 1]);
  const after = hrefOf(rows[index + 1]);
  useStepKeys(before, after);
  return (
    <nav class="neighbours" aria-label={`Other ${spec.title.toLowerCase()}`}>
      <a href={origin.href} title={`Back to the ${spec.title.toLowerCase()}`}>
        {index === -1
          ? spec.title
          : `${formatCount(index + 1)} of ${formatCount(rows.length)}${answer.hasMore ? "+" : ""}`}
      </a>
      <Step label={`Previous ${spec.noun}`} icon="chevron-up" href={before} />
      <Step label={`Next ${spec.noun}`} icon="chevron-down" href={after} />
    </nav>
  );
}

function Step({
  label,
  icon,
  href,
}: {
  label: string;
  icon: "chevron-up" | "chevron-down";
  href: string | undefined;
}): JSX.Element {
  const content = (
    <>
      <Icon name={icon} />
      <span class="hidden-text">{label}</span>
    </>
  );
  if (href === undefined) {
    return (
      <button type="button" class="icon-button" title={label} disabled>
        {content}
      </button>
    );
  }
  return (
    <a class="icon-button" title={label} href={href}>
      {content}
    </a>
  );
}

/** J goes on and K goes back, wherever the letters are not wanted otherwise. */
function useStepKeys(before: string | undefined, after: string | undefined): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const href = { j: after, k: before }[event.key];
      const isTaken = event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented;
      if (href === undefined || isTaken || isWriting(event.target)) return;
      location.hash = href;
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [before, after]);
}

function isWriting(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("input, textarea, select, dialog") !== null;
}
