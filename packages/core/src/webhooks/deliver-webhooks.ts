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
/** Of one webhook, one after the other: they are over before the lease is, even if each is given up. */
const IN_A_ROW = 5;
/** Webhooks that are sent to at once. */
const MOST_BUSY = 20;
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

/**
 * Sends what is due soon after each change of a registry, and now and then: to each webhook in order, and to several
 * at once, so that one that does not answer holds up nobody else.
 */
export function startWebhooks(
  context: Pick<Context, "store" | "subscribe" | "now" | "reportError">,
  { allowPrivate = false, retryMs = RETRY_MS }: WebhookOptions = {},
): WebhookSender {
  const end = new AbortController();
  /** Webhook → what is being sent to it. */
  const busy = new Map<string, Promise<void>>();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isAsked = false;
  let isStopped = false;

  const claimAll = async (store: Store): Promise<number> => {
    while (busy.size < MOST_BUSY && !end.signal.aborted) {
      const { deliveries, nextMs } = await store.webhooks.claim({
        limit: IN_A_ROW,
        leaseMs: LEASE_MS,
        except: [...busy.keys()],
      });
      if (deliveries.length === 0) return nextMs ?? LOOK_MS;
      for (const [webhookId, own] of Map.groupBy(deliveries, (one) => one.webhookId)) {
        busy.set(webhookId, sendInOrder(store, webhookId, own));
      }
    }
    return LOOK_MS;
  };
  const sendInOrder = async (
    store: Store,
    webhookId: string,
    deliveries: readonly ClaimedDelivery[],
  ): Promise<void> => {
    try {
      for (const one of deliveries) await sendOne(store, one);
    } catch (error) {
      tell(error);
    } finally {
      busy.delete(webhookId);
      ask(0);
    }
  };
  const sendOne = async (store: Store, delivery: ClaimedDelivery): Promise<void> => {
    const { signal } = end;
    const { id, attempts } = delivery;
    const { sendDelivery } = await import("./send-delivery.ts");
    const now = context.now();
    const sent = await sendDelivery({ ...delivery, now, signal, allowPrivate, isBackground: true });
    const isUnsent = sent.status === undefined && signal.aborted;
    await store.webhooks.settle(
      isUnsent ? { id, attempts, isUnsent, status: "pending" } : outcomeOf(delivery, sent, retryMs),
    );
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
        nextMs = await claimAll(store);
      } while (isAsked && busy.size < MOST_BUSY);
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
  const ask = (milliseconds: number): void => {
    isAsked = true;
    if (running !== undefined || end.signal.aborted) return;
    if (isStopped) running = run();
    else wake(milliseconds);
  };
  /** Until nothing is being sent any more. */
  const idle = async (): Promise<void> => {
    while (running !== undefined || busy.size > 0) await Promise.all([running, ...busy.values()]);
  };
  const unsubscribe = context.subscribe(({ entity }) => {
    if (entity === "model" || entity === "prompt" || entity === "webhook") ask(SOON_MS);
  });
  wake(1_000);
  return {
    stop: async () => {
      unsubscribe();
      clearTimeout(timer);
      isStopped = true;
      if (isAsked) running ??= run();
      await within(LAST_MS, idle());
      end.abort();
      await idle();
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
    attempts,
    ...(status === undefined ? {} : { responseStatus: status }),
    ...(error === undefined ? {} : { error }),
  };
  if (status !== undefined && status >= 200 && status < 300)
    return { ...facts, status: "delivered" };
  const mayRecover = status === undefined || status === 429 || status >= 500;
  if (!mayRecover || attempts >= MOST_ATTEMPTS) return { ...facts, status: "failed" };
  return { ...facts, status: "pending", retryMs: retryMs * 4 ** (attempts - 1) };
}
