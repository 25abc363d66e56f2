import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** A page, and everything that went wrong on it. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors, script errors, breaches of the content policy, and requests to elsewhere since the last call. */
  problems(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** What Chromium says when a script in an artifact's frame is kept from running, as it must be. */
const SANDBOX_AT_WORK = /^Blocked script execution in '[^']*\/artifact\?/;

/** Opens a page that writes down what must not happen. `origin` is where it may send requests to. */
export async function watchPage(
  browser: Browser,
  origin: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    // Numbers and times follow them.
    locale: "en-US",
    timezoneId: "Europe/Berlin",
    ...options,
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("console", (message) => {
    const isTrouble = message.type() === "error" || message.type() === "warning";
    if (isTrouble && !SANDBOX_AT_WORK.test(message.text())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(`script: ${error.message}`));
  page.on("dialog", (dialog) => {
    problems.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on("request", (request) => {
    // Chromium's viewer of PDFs is made of pages of its own.
    const local = [`${origin}/`, `blob:${origin}/`, "data:", "chrome-extension:", "chrome:"];
    const isLocal = local.some((start) => request.url().startsWith(start));
    if (!isLocal) problems.push(`request to ${request.url()}`);
  });
  await page.exposeFunction("reportBreach", (text: string) => problems.push(`policy: ${text}`));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) => {
      const report = Reflect.get(globalThis, "reportBreach") as (text: string) => void;
      report(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return {
    page,
    problems: async () => {
      await page.evaluate(() => new Promise(requestAnimationFrame));
      return problems.splice(0);
    },
    close: () => context.close(),
  };
}
