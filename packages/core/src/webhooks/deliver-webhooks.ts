import { setTimeout as pause } from "node:timers/promises";
import { RivuletError } from "@rivulet/domain";
import type { ClaimedDelivery, DeliveryOutcome, Store } from "@rivulet/store";
import type { Context } from "../context.ts";
import type { Sent } from "./send-delivery.ts";
import type { WebhookOptions } from "./webhooks.ts";

/** Attempts before a delivery is given up. */
const MOST_ATTEMPTS = 6;
const RETRY_MS = 5_000;
/** Another process takes over what this one has claimed and not settled after so long. */
const LEASE_MS = 60_000;
const AT_ONCE = 10;
/** What other processes have left is looked for this often. */
const LOOK_MS = 60_000;
/** After a change: its transaction is over then, and changes that come together are sent together. */
const SOON_MS = 20;
/** The longest that closing a client waits for what it has begun to send. */
const LAST_MS = 2_000;

/** Sends deliveries in the background. */
export interface WebhookSender {
  /** Sends what is due, for a moment, then stops. Never rejects. */
  stop(): Promise<void>;
}

/** Sends what is due soon after each change of the registries, and now and then. */
export function startWebhooks(
  context: Pick<Context, "store" | "subscribe" | "now" | "reportError">,
  { allowPrivate = false, retryMs = RETRY_MS }: WebhookOptions = {},
): WebhookSender {
  const end = new AbortController();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isAsked = false;
  let isStopped = false;

  const sendAll = async (store: Store): Promise<number> => {
    for (;;) {
      const { deliveries, nextMs } = await store.webhooks.claim({
        limit: AT_ONCE,
        leaseMs: LEASE_MS,
      });
      if (deliveries.length === 0) return nextMs ?? LOOK_MS;
      await Promise.all(deliveries.map((one) => sendOne(store, one)));
    }
  };
  const sendOne = async (store: Store, delivery: ClaimedDelivery): Promise<void> => {
    const { signal } = end;
    const { sendDelivery } = await import("./send-delivery.ts");
    const sent = await sendDelivery({ ...delivery, now: context.now(), signal, allowPrivate });
    await store.webhooks.settle(outcomeOf(delivery, sent, retryMs));
  };
  const tell = (error: unknown): void => {
    if (!isStopped && !isClosed(error)) context.reportError(error);
  };
  const run = async (): Promise<void> => {
    let nextMs = LOOK_MS;
    try {
      const store = await context.store();
      if (store.info.readOnly === true) return;
      do {
        isAsked = false;
        nextMs = await sendAll(store);
      } while (isAsked);
    } catch (error) {
      tell(error);
    } finally {
      running = undefined;
      if (!isStopped) wake(Math.min(nextMs, LOOK_MS));
    }
  };
  const wake = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running ??= run();
    }, milliseconds).unref();
  };
  const unsubscribe = context.subscribe(({ entity }) => {
    if (entity !== "model" && entity !== "prompt" && entity !== "webhook") return;
    isAsked = true;
    if (running === undefined) wake(SOON_MS);
  });
  wake(1_000);
  return {
    stop: async () => {
      unsubscribe();
      clearTimeout(timer);
      isStopped = true;
      if (isAsked) running ??= run();
      if (running === undefined) return;
      await within(LAST_MS, running);
      end.abort();
      await running;
    },
  };
}

/** Waits for work, but not for ever. The process stays alive meanwhile: there may be nothing else that keeps it. */
async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  const done = new AbortController();
  const late = pause(milliseconds, undefined, { signal: done.signal }).catch(() => undefined);
  await Promise.race([work, late]);
  done.abort();
}

/** A store that is closed, or never opened, says so elsewhere. */
function isClosed(error: unknown): boolean {
  return error instanceof RivuletError && error.code === "closed";
}

/** A busy or absent receiver is asked again; one that refuses is not. */
function outcomeOf(
  { id, attempts }: ClaimedDelivery,
  { status, error }: Sent,
  retryMs: number,
): DeliveryOutcome {
  const facts = {
    id,
    ...(status === undefined ? {} : { responseStatus: status }),
    ...(error === undefined ? {} : { error }),
  };
  if (status !== undefined && status >= 200 && status < 300)
    return { ...facts, status: "delivered" };
  const mayRecover = status === undefined || status === 429 || status >= 500;
  if (!mayRecover || attempts >= MOST_ATTEMPTS) return { ...facts, status: "failed" };
  return { ...facts, status: "pending", retryMs: retryMs * 4 ** (attempts - 1) };
}
