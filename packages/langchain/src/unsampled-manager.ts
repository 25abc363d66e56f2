import { randomUUID } from "node:crypto";

type Start = (...args: unknown[]) => unknown;

/** What starts a run; the third argument is its id. */
const STARTS = [
  "handleChainStart",
  "handleChatModelStart",
  "handleLLMStart",
  "handleRetrieverStart",
  "handleToolStart",
] as const;

/**
 * A `CallbackManager` class for calls that are not traced: without handlers, but handed down, so that the
 * steps of the call do not look like calls that start. LangChain's own run ids would be half of its price.
 */
export function unsampledManager<T extends new () => object>(manager: T): new () => object {
  class UnsampledManager extends (manager as new () => object) {}
  for (const name of STARTS) {
    const start = (manager.prototype as Record<string, Start | undefined>)[name];
    if (start === undefined) continue;
    Object.defineProperty(UnsampledManager.prototype, name, {
      value(this: unknown, subject: unknown, ...[input, runId = randomUUID(), ...rest]: unknown[]) {
        return start.call(this, subject, input, runId, ...rest);
      },
    });
  }
  return UnsampledManager;
}
