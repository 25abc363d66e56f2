import type { StoreChange } from "@rivulet/core";
import { MOUNT_URL } from "./mount-url.ts";
import { createObservable, type Observable } from "./observable.ts";
import { queryClient, refresh } from "./query-client.ts";

/** How fresh the page is: told of changes, asking now and then, or asleep in a hidden tab. */
export type LiveState = "connecting" | "live" | "polling" | "paused";

/** How fresh the page is, for showing. */
export const liveState: Observable<LiveState> = createObservable<LiveState>("connecting");

/** Changes are gathered this long before the page asks again. */
const GATHER_MS = 400;
/** Stands for "ids not known". */
const ANY = "";
const POLL_MS = 10_000;
/** Time after which a lost stream is opened anew. */
const REOPEN_MS = 5_000;

/**
 * Keeps what is in view up to date for as long as the tab is visible: one event stream, and polling while
 * it is down. One stream only, because browsers allow six connections to a host.
 */
export function startLive(): void {
  let stop = (): void => {};
  const follow = (): void => {
    stop();
    if (document.visibilityState === "visible") stop = listen();
    else liveState.set("paused");
  };
  document.addEventListener("visibilitychange", follow);
  follow();
}

function listen(): () => void {
  const changes = createGatherer();
  let wasDown = liveState.get() !== "connecting";
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource;
  const poll = setInterval(() => {
    if (liveState.get() === "polling") refreshAll();
  }, POLL_MS);
  const open = (): void => {
    source = new EventSource(`${MOUNT_URL}events`);
    source.addEventListener("open", () => {
      liveState.set("live");
      if (wasDown) refreshAll();
      wasDown = false;
    });
    source.addEventListener("change", (event) => changes.add(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      wasDown = true;
      liveState.set("polling");
      if (source.readyState === EventSource.CLOSED) reopen = setTimeout(open, REOPEN_MS);
    });
  };
  open();
  return () => {
    source.close();
    clearTimeout(reopen);
    clearInterval(poll);
    changes.stop();
  };
}

/** Asks again for everything in view: what changed meanwhile is not known. */
function refreshAll(): void {
  void queryClient.invalidateQueries();
}

/**
 * Gathers changes, so that a busy trainer costs a few requests a second, not hundreds. The next ones wait for
 * the answers to the last: a slow server is not asked faster than it answers.
 */
function createGatherer(): { add(change: StoreChange): void; stop(): void } {
  const pending = new Map<StoreChange["entity"], Set<string>>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isSending = false;
  const schedule = (): void => {
    if (!isSending && pending.size > 0) timer ??= setTimeout(() => void send(), GATHER_MS);
  };
  const send = async (): Promise<void> => {
    timer = undefined;
    isSending = true;
    const changes = [...pending];
    pending.clear();
    await Promise.all(
      changes.map(([subject, ids]) => refresh(subject, ids.has(ANY) ? [] : [...ids])),
    );
    isSending = false;
    schedule();
  };
  return {
    add: ({ entity, ids }) => {
      const known = pending.get(entity) ?? new Set();
      for (const id of ids.length === 0 ? [ANY] : ids) known.add(id);
      pending.set(entity, known);
      schedule();
    },
    stop: () => {
      clearTimeout(timer);
      pending.clear();
    },
  };
}
