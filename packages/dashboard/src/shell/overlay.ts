import { createObservable, type Observable } from "../api/observable.ts";

/** What can lie over every page. */
export type Overlay = "palette" | "shortcuts";

/** What lies over the page now, if anything. */
export const overlay: Observable<Overlay | undefined> = createObservable<Overlay | undefined>(
  undefined,
);
