import type { SessionTurn } from "@rivulet/core";
import type { JSX } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { PagedAnswer } from "../../api/use-query.ts";
import { ScrollRegion } from "../../components/scroll-region.tsx";
import { StatusIcon } from "../../components/status.tsx";
import { useMeasuredRows } from "../../components/use-measured-rows.ts";
import { useVirtual } from "../../components/use-virtual.ts";
import { headlineOf } from "./conversation.ts";
import { TurnView } from "./turn-view.tsx";

/** Pixels of a line of the outline. */
const LINE = 30;

/** A conversation, of which the turns in view are drawn and more are asked for near the end, with an outline. */
export function TurnList({
  turns,
  answer,
  count,
  newestFirst,
}: {
  turns: readonly SessionTurn[];
  answer: PagedAnswer<SessionTurn>;
  /** Turns of the session, as far as is known. */
  count: number;
  newestFirst: boolean;
}): JSX.Element {
  const scroller = useRef<HTMLElement>(null);
  const view = useMeasuredRows({
    scroller,
    count: turns.length,
    likelyHeight: 240,
    keyOf: (index) => turns[index]?.trace.id ?? "",
  });
  useEffect(() => {
    if (answer.hasMore && !answer.isLoadingMore && view.end > turns.length - 5) answer.loadMore();
  }, [answer.hasMore, answer.isLoadingMore, view.end, turns.length]);
  const numberOf = (index: number): number => (newestFirst ? count - index : index + 1);
  return (
    <div class="conversation">
      <ScrollRegion label="Conversation" class="turns" scroller={scroller}>
        <ol style={{ paddingTop: `${view.before}px`, paddingBottom: `${view.after}px` }}>
          {turns.slice(view.first, view.end).map((turn, offset) => {
            const index = view.first + offset;
            return (
              <li key={turn.trace.id} ref={view.measure} data-index={index} class="turn">
                <TurnView
                  turn={turn}
                  before={turns[newestFirst ? index + 1 : index - 1]}
                  number={numberOf(index)}
                />
              </li>
            );
          })}
        </ol>
        {answer.isLoadingMore ? <p class="muted">Loading more…</p> : null}
      </ScrollRegion>
      <Outline turns={turns} numberOf={numberOf} onOpen={view.scrollTo} />
    </div>
  );
}

function Outline({
  turns,
  numberOf,
  onOpen,
}: {
  turns: readonly SessionTurn[];
  numberOf: (index: number) => number;
  onOpen: (index: number) => void;
}): JSX.Element {
  const scroller = useRef<HTMLElement>(null);
  const view = useVirtual({ scroller, count: turns.length, rowHeight: LINE });
  return (
    <ScrollRegion label="Outline" class="outline" scroller={scroller}>
      <ol style={{ paddingTop: `${view.before}px`, paddingBottom: `${view.after}px` }}>
        {turns.slice(view.first, view.end).map((turn, offset) => {
          const { trace } = turn;
          const index = view.first + offset;
          return (
            <li key={trace.id}>
              <button type="button" onClick={() => onOpen(index)}>
                <span class="muted number">{numberOf(index)}</span>
                {trace.status === "ok" ? null : <StatusIcon status={trace.status} />}
                <span class="outline-words">{headlineOf(turn)}</span>
              </button>
            </li>
          );
        })}
      </ol>
    </ScrollRegion>
  );
}
