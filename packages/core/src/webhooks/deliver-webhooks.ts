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

type SenderContext = Pick<Context, "store" | "subscribe" | "now" | "reportError">;

/**
 * Sends what is due soon after each change of a registry, and now and then: to each webhook in order, and to several
 * at once, so that one that does not answer holds up nobody else.
 */
export function startWebhooks(context: SenderContext, options: WebhookOptions = {}): WebhookSender {
  const end = new AbortController();
  let running: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isAsked = false;
  let isStopped = false;

  const tell = (error: unknown): void => {
    if (!isStopped && !isClosed(error)) context.reportError(error);
  };
  const sending = sendInOrder({ context, options, signal: end.signal, tell, after: () => ask(0) });
  const run = async (): Promise<void> => {
    let nextMs = LOOK_MS;
    try {
      const store = await context.store();
      if (store.info.readOnly === true) return;
      do {
        isAsked = false;
        nextMs = await claimAll(store, sending, end.signal);
      } while (isAsked && !sending.isFull());
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
  const idle = async (): Promise<void> => {
    while (running !== undefined || sending.webhooks().length > 0) {
      await Promise.all([running, sending.settled()]);
    }
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

/** Claims what is due until there is no more, or too much. @returns milliseconds until the next one is due */
async function claimAll(
  { webhooks }: Store,
  sending: SendingInOrder,
  signal: AbortSignal,
): Promise<number> {
  while (!sending.isFull() && !signal.aborted) {
    const except = sending.webhooks();
    const { deliveries, nextMs } = await webhooks.claim({
      limit: IN_A_ROW,
      leaseMs: LEASE_MS,
      except,
    });
    if (deliveries.length === 0) return nextMs ?? LOOK_MS;
    sending.add(webhooks, deliveries);
  }
  return LOOK_MS;
}

interface Sending {
  readonly context: SenderContext;
  readonly options: WebhookOptions;
  /** Ends what is being sent. */
  readonly signal: AbortSignal;
  readonly tell: (error: unknown) => void;
  /** Called when nothing is being sent to a webhook any more. */
  readonly after: () => void;
}

interface SendingInOrder {
  add(webhooks: Store["webhooks"], deliveries: readonly ClaimedDelivery[]): void;
  /** Ids of the webhooks that are being sent to. */
  webhooks(): readonly string[];
  isFull(): boolean;
  /** Resolves when what is being sent now is over. Never rejects. */
  settled(): Promise<void>;
}

/** Sends to each webhook one delivery after the other, and to several webhooks at once. */
function sendInOrder({ context, options, signal, tell, after }: Sending): SendingInOrder {
  const { allowPrivate = false, retryMs = RETRY_MS } = options;
  const busy = new Map<string, Promise<void>>();

  const sendOne = async (to: Store["webhooks"], delivery: ClaimedDelivery): Promise<void> => {
    const { sendDelivery } = await import("./send-delivery.ts");
    const now = context.now();
    const sent = await sendDelivery({ ...delivery, now, signal, allowPrivate, isBackground: true });
    const { id, attempts } = delivery;
    const isUnsent = sent.status === undefined && signal.aborted;
    const outcome = isUnsent
      ? ({ id, attempts, isUnsent, status: "pending" } as const)
      : outcomeOf(delivery, sent, retryMs);
    await to.settle(outcome);
  };
  const sendEach = async (
    to: Store["webhooks"],
    own: readonly ClaimedDelivery[],
  ): Promise<void> => {
    try {
      for (const delivery of own) await sendOne(to, delivery);
    } catch (error) {
      tell(error);
    }
  };
  return {
    add(to, deliveries) {
      for (const [id, own] of Map.groupBy(deliveries, ({ webhookId }) => webhookId)) {
        const sent = sendEach(to, own).then(() => {
          busy.delete(id);
          after();
        });
        busy.set(id, sent);
      }
    },
    webhooks: () => [...busy.keys()],
    isFull: () => busy.size >= MOST_BUSY,
    settled: async () => void (await Promise.all(busy.values())),
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
