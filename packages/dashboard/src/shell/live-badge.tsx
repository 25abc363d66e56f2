import type { JSX } from "preact";
import { type LiveState, liveState } from "../api/live.ts";
import { useObservable } from "../api/observable.ts";

const WORDS: Readonly<Record<LiveState, readonly [word: string, title: string]>> = {
  connecting: ["Connecting", "Opening the stream of changes"],
  live: ["Live", "Changes appear by themselves"],
  polling: ["Polling", "The stream of changes is down; the page asks every ten seconds"],
  paused: ["Paused", "Nothing is asked while the tab is hidden, or after you have paused"],
};

/** How fresh the page is. */
export function LiveBadge(): JSX.Element {
  const state = useObservable(liveState);
  const [word, title] = WORDS[state];
  return (
    <span class={`live live-${state}`} title={title}>
      <span class="live-dot" />
      {word}
    </span>
  );
}
