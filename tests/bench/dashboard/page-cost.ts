import type { Browser, CDPSession, Page } from "playwright-core";

/** What a page takes of the browser and the API. */
export interface PageCost {
  /** CPU milliseconds of the page's main thread until it has settled. */
  readonly cpuMs: number;
  /** The longest that it could not answer, in milliseconds. */
  readonly longestTaskMs: number;
  /** Bytes of the API's answers as they came over the wire. */
  readonly apiBytes: number;
  /** Requests to the API. */
  readonly requests: number;
}

/** A page of a browser that is asked what it costs. */
export interface MeasuredPage {
  readonly page: Page;
  /** What something costs from its start until nothing has been asked for and drawn for a while. */
  cost(act: () => Promise<unknown>): Promise<PageCost>;
  close(): Promise<void>;
}

/** Quiet for so long counts as settled. */
const QUIET_MS = 600;
/** Nothing takes longer than this; a page that never settles fails the run. */
const LONGEST_MS = 60_000;

/** Opens an empty page. */
export async function measurePage(browser: Browser): Promise<MeasuredPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  await session.send("Network.enable");
  const traffic = watchTraffic(session);
  await page.addInitScript(() => {
    Reflect.set(globalThis, "longestTask", 0);
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        const longest = Reflect.get(globalThis, "longestTask") as number;
        Reflect.set(globalThis, "longestTask", Math.max(longest, duration));
      }
    }).observe({ type: "longtask", buffered: true });
  });
  return {
    page,
    async cost(act) {
      const before = await taskSeconds(session);
      await page.evaluate(() => Reflect.set(globalThis, "longestTask", 0));
      traffic.reset();
      await act();
      await traffic.quiet();
      return {
        cpuMs: (await taskSeconds(session, before)) * 1_000,
        longestTaskMs: await page.evaluate(() => Reflect.get(globalThis, "longestTask") as number),
        ...traffic.sums(),
      };
    },
    close: () => context.close(),
  };
}

/** CPU seconds of the main thread's tasks; a page that was loaded anew begins at nothing. */
async function taskSeconds(session: CDPSession, before = 0): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  const value = metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0;
  return value < before ? value : value - before;
}

interface Traffic {
  reset(): void;
  sums(): Pick<PageCost, "apiBytes" | "requests">;
  /** Resolves when nothing has been under way for a while. */
  quiet(): Promise<void>;
}

function watchTraffic(session: CDPSession): Traffic {
  const open = new Set<string>();
  const api = new Set<string>();
  let apiBytes = 0;
  let requests = 0;
  let lastChange = Date.now();
  session.on("Network.requestWillBeSent", ({ requestId, request }) => {
    if (request.url.endsWith("/events")) return;
    lastChange = Date.now();
    open.add(requestId);
    if (!request.url.includes("/api/v1/")) return;
    api.add(requestId);
    requests += 1;
  });
  const end = ({ requestId, encodedDataLength = 0 }: Ended): void => {
    lastChange = Date.now();
    open.delete(requestId);
    if (api.delete(requestId)) apiBytes += encodedDataLength;
  };
  session.on("Network.loadingFinished", end);
  session.on("Network.loadingFailed", end);
  return {
    reset: () => {
      apiBytes = 0;
      requests = 0;
      lastChange = Date.now();
    },
    sums: () => ({ apiBytes, requests }),
    quiet: async () => {
      const start = Date.now();
      while (open.size > 0 || Date.now() - lastChange < QUIET_MS) {
        if (Date.now() - start > LONGEST_MS) throw new Error("The page does not settle.");
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}

interface Ended {
  readonly requestId: string;
  readonly encodedDataLength?: number;
}
