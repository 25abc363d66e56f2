import { createObservable, type Observable } from "../api/observable.ts";
import { keep, kept } from "../settings/kept.ts";

/** Where clocks stand that times are shown by. */
export type TimeZone = "local" | "UTC";

const KEY = "time-zone";

/** The one place that says by which clock times are shown. */
export const timeZone: Observable<TimeZone> = createObservable<TimeZone>(
  kept(KEY) === "UTC" ? "UTC" : "local",
);

/** Chooses a time zone and remembers it. */
export function chooseTimeZone(next: TimeZone): void {
  keep(KEY, next === "local" ? undefined : next);
  timeZone.set(next);
}

/** What `Intl` takes as `timeZone`; `undefined` stands for the browser's own. */
export function intlTimeZone(): "UTC" | undefined {
  return timeZone.get() === "UTC" ? "UTC" : undefined;
}
