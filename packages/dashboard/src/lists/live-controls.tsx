import type { JSX, RefObject } from "preact";
import { isHalted } from "../api/live.ts";
import { useObservable } from "../api/observable.ts";
import type { LiveAnswer } from "../api/use-live-pages.ts";
import { useQuery } from "../api/use-query.ts";
import { Icon } from "../components/icon.tsx";
import { formatCount } from "../format/numbers.ts";
import type { ListQuery } from "../questions/list-query.ts";
import type { ListSpec } from "./list-spec.ts";

/** What is new and takes it in, how many rows there are, and a switch that stops changes from coming in. */
export function LiveControls<Row extends object>({
  spec,
  answer,
  query,
  list,
}: {
  spec: ListSpec<Row>;
  answer: LiveAnswer<Row>;
  query: ListQuery;
  /** Holds the table, which goes to its top when what is new is taken in. */
  list: RefObject<HTMLElement>;
}): JSX.Element {
  const { news, takeIn } = answer;
  const show = async (): Promise<void> => {
    await takeIn();
    list.current?.querySelector(".table-scroll")?.scrollTo({ top: 0 });
  };
  return (
    <div class="live-controls">
      {news.count === 0 ? null : (
        <button
          type="button"
          class="news"
          title={`Show the new ${news.count === 1 ? spec.noun : spec.title.toLowerCase()}`}
          onClick={() => void show()}
        >
          <Icon name="chevron-up" />
          {news.count}
          {news.isMore ? "+" : ""} new
        </button>
      )}
      <Count spec={spec} query={query} />
      <PauseSwitch />
    </div>
  );
}

function Count<Row extends object>({
  spec,
  query,
}: {
  spec: ListSpec<Row>;
  query: ListQuery;
}): JSX.Element | null {
  const { data, isLoading } = useQuery(spec.count?.(query));
  if (spec.count === undefined || (data === undefined && !isLoading)) return null;
  return (
    <span class="muted list-count" aria-busy={data === undefined}>
      {data === undefined ? "…" : formatCount(data)}{" "}
      {data === 1 ? spec.noun : spec.title.toLowerCase()}
    </span>
  );
}

function PauseSwitch(): JSX.Element {
  const isPaused = useObservable(isHalted);
  const words = isPaused ? "Resume live changes" : "Pause live changes";
  return (
    <button type="button" class="icon-button" title={words} onClick={() => isHalted.set(!isPaused)}>
      <Icon name={isPaused ? "running" : "pause"} />
      <span class="hidden-text">{words}</span>
    </button>
  );
}
