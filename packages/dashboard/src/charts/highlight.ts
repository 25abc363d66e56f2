import { createObservable, type Observable } from "../api/observable.ts";

/** Id of the run that is pointed at, in the legend or in a chart; its line stands out in all of them. */
export const highlighted: Observable<string> = createObservable("");
