import { type EndSpanOptions, type Method, replaceMethod } from "@rivulet/core";
import { fieldOf, fieldsOf } from "../calls/read-value.ts";
import type { RecordedRun } from "./recorded-run.ts";

/** How messages are followed. */
export interface FollowOptions {
  /** The app has not asked for partial messages, and gets none. */
  readonly hidePartial: boolean;
}

/** Shows a run the messages that an app reads, and ends it with them; at once when they cannot be followed. */
export function followMessages(messages: object, run: RecordedRun, options: FollowOptions): void {
  const { rivulet, span } = run;
  const iterator = iteratorOf(messages);
  const watch = rivulet.watchSpan(span, {
    aliveWith: iterator,
    onAbandoned: (end) => run.end(end),
  });
  const end = (how: EndSpanOptions): void => {
    watch.stop();
    run.end(how);
  };
  const note = (step: unknown): void => {
    watch.touch();
    if (fieldOf(step, "done") === true) end({});
    else run.take(fieldsOf(fieldOf(step, "value")));
    if (span.ended) watch.stop();
  };
  const isFollowed = replaceMethod(iterator, "next", (next) => async (...values) => {
    const pull = (): unknown => rivulet.runInSpan(span, () => next(...values));
    try {
      let step = await pull();
      note(step);
      while (options.hidePartial && isPartial(step)) {
        step = await pull();
        note(step);
      }
      return step;
    } catch (error) {
      end({ error: error ?? "nothing was thrown" });
      throw error;
    }
  });
  const leaving = (method: Method): Method => {
    return (...values) => {
      end({ status: "cancelled", statusMessage: "The consumer stopped reading." });
      return method(...values);
    };
  };
  replaceMethod(iterator, "return", leaving);
  replaceMethod(iterator, "throw", leaving);
  if (!isFollowed) end({});
}

function isPartial(step: unknown): boolean {
  return fieldOf(fieldOf(step, "value"), "type") === "stream_event";
}

/** What reads the messages: `query` hands out one and the same each time. */
function iteratorOf(messages: object): object {
  const make: unknown = Reflect.get(messages, Symbol.asyncIterator);
  const made: unknown = typeof make === "function" ? Reflect.apply(make, messages, []) : undefined;
  return typeof made === "object" && made !== null ? made : messages;
}
