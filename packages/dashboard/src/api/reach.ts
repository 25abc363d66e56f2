import { RivuletError } from "@rivulet/client";
import { rivulet } from "./client.ts";
import { createObservable, type Observable } from "./observable.ts";
import { queryClient } from "./query-client.ts";

/** That the server does not answer, and what is done about it. */
export interface Outage {
  /** When it last answered. */
  readonly lastAnswer: number;
  /** When it is tried again. */
  readonly nextTry: number;
}

/** The outage that lasts; `undefined` while the server answers. */
export const outage: Observable<Outage | undefined> = createObservable<Outage | undefined>(
  undefined,
);

const FIRST_TRY_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

let lastAnswer = Date.now();
let tries = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Notices when the server stops to answer: a request without an answer is enough. */
export function watchReach(): void {
  queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== "updated") return;
    const { action } = event;
    if (action.type === "success" && action.manual !== true) hasAnswered();
    if ((action.type === "failed" || action.type === "error") && isUnanswered(action.error))
      hasFailed();
  });
  addEventListener("online", () => void tryNow());
}

/** Whether nobody answered at all. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof RivuletError && error.details["answered"] === false;
}

/** Asks the server now whether it is there. */
export async function tryNow(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  try {
    await rivulet.me();
    hasAnswered();
  } catch (error) {
    // A refusal is an answer.
    if (isUnanswered(error)) hasFailed();
    else hasAnswered();
  }
}

function hasAnswered(): void {
  lastAnswer = Date.now();
  if (outage.get() === undefined) return;
  clearTimeout(timer);
  timer = undefined;
  tries = 0;
  outage.set(undefined);
}

/** The next try comes later each time. */
function hasFailed(): void {
  if (timer !== undefined) return;
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_TRY_MS * 2 ** tries);
  tries += 1;
  timer = setTimeout(() => void tryNow(), wait);
  outage.set({ lastAnswer, nextTry: Date.now() + wait });
}
