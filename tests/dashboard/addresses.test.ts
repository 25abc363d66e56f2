import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type Rewrite, type RunningProxy, startProxy } from "./proxy.ts";
import { watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
const proxies: RunningProxy[] = [];

beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp("/deep/mlops")]);
  const run = await app.rivulet.runs.start({ name: "first run" });
  await run.logMetric("loss", 0.5);
  await run.finish();
});
afterAll(async () => {
  for (const proxy of proxies) proxy.close();
  await Promise.all([browser.close(), app.close()]);
});

it.each<[string, string, () => Promise<string> | string]>([
  ["the address with its slash", "/deep/mlops/", () => app.origin],
  ["the address without its slash", "/deep/mlops", () => app.origin],
  ["a proxy that rewrites paths, with the slash", "/ml/", () => aProxy(rewrites)],
  ["a proxy that rewrites paths, without the slash", "/ml", () => aProxy(rewrites)],
  ["a server that takes slashes away, as Next.js does", "/deep/mlops/", () => aProxy(takesSlashes)],
  ["a server that adds slashes to pages", "/deep/mlops", () => aProxy(addsSlashes)],
  [
    "a server that adds slashes to all but files, as Next.js does with trailingSlash",
    "/deep/mlops",
    () => aProxy(addsAllSlashes),
  ],
])("the dashboard works at %s", async (_, path, originOf) => {
  const origin = await originOf();
  const { page, problems, close } = await watchPage(browser, origin);
  await page.goto(`${origin}${path}?from=mail`);
  await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
  await page.getByText("Live", { exact: true }).waitFor();
  const shown = new URL(page.url()).pathname;
  // Pages that are loaded when they are asked for, and links that stay in the document.
  await page.evaluate(() => Reflect.set(globalThis, "isSameDocument", true));
  await page.getByRole("link", { name: "Experiments" }).click();
  await page.getByRole("link", { name: "Default" }).click();
  await page.getByRole("link", { name: "Open", exact: true }).click();
  await page.getByRole("link", { name: "first run" }).click();
  await page.getByRole("link", { name: "Open", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "first run" }).waitFor();
  expect(new URL(page.url()).pathname).toBe(shown);
  await expect
    .poll(() => page.evaluate(() => Reflect.get(globalThis, "isSameDocument")))
    .toBe(true);
  const styled = page.locator(".sidebar");
  await expect
    .poll(() => styled.evaluate((element) => getComputedStyle(element).display))
    .toBe("flex");
  expect(await problems()).toEqual([]);
  await close();
});

const rewrites: Rewrite = (path) => ({ path: path.replace(/^\/ml/, "/deep/mlops") });
const takesSlashes: Rewrite = (path) =>
  path.endsWith("/") ? { location: path.slice(0, -1) } : { path };
const addsSlashes: Rewrite = (path) =>
  path.endsWith("/mlops") ? { location: `${path}/` } : { path };
const addsAllSlashes: Rewrite = (path) =>
  /\/[^/.]+$/.test(path) ? { location: `${path}/` } : { path };

async function aProxy(rewrite: Rewrite): Promise<string> {
  const proxy = await startProxy(app.origin, { rewrite });
  proxies.push(proxy);
  return proxy.origin;
}
