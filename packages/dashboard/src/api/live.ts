import { createChangeGatherer } from "./change-gatherer.ts";
import { MOUNT_URL } from "./mount-url.ts";
import { createObservable, type Observable } from "./observable.ts";
import { follow } from "./query-client.ts";
import { outage, tryNow } from "./reach.ts";

/** How fresh the page is: told of changes, asking now and then, or asleep in a hidden tab or because it was told to. */
export type LiveState = "connecting" | "live" | "polling" | "paused";

/** How fresh the page is, for showing. */
export const liveState: Observable<LiveState> = createObservable<LiveState>("connecting");

/** Whether somebody has stopped changes from coming in. */
export const isHalted: Observable<boolean> = createObservable<boolean>(false);

const POLL_MS = 10_000;
/** Time after which a lost stream is opened anew; it doubles with each failure. */
const REOPEN_MS = 2_000;
const LONGEST_REOPEN_MS = 60_000;

/**
 * Keeps what is in view up to date for as long as the tab is visible: one event stream, and polling while
 * it is down. One stream only, because browsers allow six connections to a host.
 */
export function startLive(): void {
  let stop = (): void => {};
  const start = (): void => {
    stop();
    stop = (): void => {};
    if (document.visibilityState === "visible" && !isHalted.get()) stop = listen();
    else liveState.set("paused");
  };
  document.addEventListener("visibilitychange", start);
  isHalted.subscribe(start);
  outage.subscribe((lasting) => {
    // The stream goes with the server and comes back with it.
    if (lasting === undefined) start();
  });
  start();
}

function listen(): () => void {
  const changes = createChangeGatherer();
  let wasDown = liveState.get() !== "connecting";
  let failures = 0;
  let reopen: ReturnType<typeof setTimeout> | undefined;
  let source: EventSource;
  const poll = setInterval(() => {
    if (liveState.get() === "polling" && outage.get() === undefined) catchUp();
  }, POLL_MS);
  const open = (): void => {
    source = new EventSource(`${MOUNT_URL}events`);
    source.addEventListener("open", () => {
      failures = 0;
      liveState.set("live");
      if (wasDown) catchUp();
      wasDown = false;
    });
    source.addEventListener("change", (event) => changes.add(JSON.parse(event.data)));
    source.addEventListener("error", () => {
      wasDown = true;
      source.close();
      if (failures === 0) void tryNow();
      liveState.set("polling");
      reopen = setTimeout(open, Math.min(LONGEST_REOPEN_MS, REOPEN_MS * 2 ** failures));
      failures += 1;
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

/** What changed meanwhile is not known. */
function catchUp(): void {
  void follow({ subject: undefined, ids: [] });
}
