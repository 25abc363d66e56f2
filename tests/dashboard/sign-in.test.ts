import { apiKeyAuth } from "@rivulet/express";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { findFaults } from "./find-faults.ts";
import { type Rewrite, type RunningProxy, startProxy } from "./proxy.ts";
import { type Seeded, seed } from "./seed.ts";
import { watchPage } from "./watched-page.ts";

const TOKEN = "a-token & of tests/1";
/** What Chromium writes when the server misses the token. */
const MISSED = /the server responded with a status of 401/;

let browser: Browser;
let app: DashboardApp;
let ids: Seeded;
beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp("/mlops", { token: TOKEN })]);
  ids = await seed(app.rivulet);
});
afterAll(() => Promise.all([browser.close(), app.close()]));

describe("an address with the token", () => {
  it("signs in, and keeps the token out of the address, the history and the storage", async () => {
    const { page, problems, close } = await watchPage(browser, app.origin);
    await page.goto(`${app.url}#token=${encodeURIComponent(TOKEN)}`);
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await expect.poll(() => page.url()).toBe(`${app.url}#/overview`);
    const kept = await page.evaluate(() =>
      JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]),
    );
    expect(kept).toBe('["",{},{}]');
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ path: "/mlops", httpOnly: true, sameSite: "Strict" });
    expect(await problems()).toEqual([]);
    await page.goBack();
    await expect.poll(() => page.url()).toBe("about:blank");
    await close();
  });

  it("without the slash signs in as well", async () => {
    const { page, problems, close } = await watchPage(browser, app.origin);
    await page.goto(`${app.origin}/mlops#token=${encodeURIComponent(TOKEN)}`);
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    expect(await problems()).toEqual([]);
    await close();
  });

  it("is needed once: pages, live changes and downloads go on by the cookie", async () => {
    const { page, problems, close } = await watchPage(browser, app.origin);
    await page.goto(`${app.url}#token=${encodeURIComponent(TOKEN)}`);
    await page.getByText("Live", { exact: true }).waitFor();
    const route = `#/experiments/${ids.experimentId}/runs/${ids.runId}?tab=artifacts`;
    await page.goto(`${app.url}${route}&artifact=notes.txt`);
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download" }).click();
    expect((await download).suggestedFilename()).toBe("notes.txt");
    expect(await (await download).failure()).toBe(null);
    expect(await problems()).toEqual([]);
    await close();
  });
});

describe("without the token", () => {
  it("the page names the command, has no fault for axe, and takes the token by hand", async () => {
    const { page, problems, close } = await watchPage(browser, app.origin);
    await page.goto(`${app.url}#/traces/${ids.traceId}`);
    await page.getByText(`npx -y rivulet open ${app.url}`, { exact: true }).waitFor();
    expect(await page.title()).toBe("Sign in · Rivulet");
    expect(await findFaults(page)).toEqual([]);
    await page.getByLabel("Or paste the token").fill("another-token");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("not the token").waitFor();
    await page.getByLabel("Or paste the token").fill(` ${TOKEN} `);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "flower agent" }).waitFor();
    await expect.poll(() => page.url()).toBe(`${app.url}#/traces/${ids.traceId}`);
    expect((await problems()).filter((text) => !MISSED.test(text))).toEqual([]);
    await close();
  });

  it("an address with the token signs in when it is entered into the page that misses it", async () => {
    const { page, close } = await watchPage(browser, app.origin);
    await page.goto(app.url);
    await page.getByLabel("Or paste the token").waitFor();
    await page.goto(`${app.url}#token=${encodeURIComponent(TOKEN)}`);
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await expect.poll(() => page.url()).toBe(`${app.url}#/overview`);
    await close();
  });

  it("a wrong one in the address is called wrong, and taken out of it all the same", async () => {
    const { page, close } = await watchPage(browser, app.origin);
    await page.goto(`${app.url}#token=another-token`);
    await page.getByRole("alert").getByText("not the token").waitFor();
    await expect.poll(() => page.url()).toBe(app.url);
    await close();
  });

  it("a page that was signed out while it is open says how to sign in again", async () => {
    const { page, close } = await watchPage(browser, app.origin);
    await page.goto(`${app.url}#token=${encodeURIComponent(TOKEN)}`);
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await page.context().clearCookies();
    await page.goto(`${app.url}#/traces`);
    await page.getByLabel("Or paste the token").waitFor();
    await close();
  });
});

describe("signing out", () => {
  it("takes the cookie, and the next sign-in comes back to the same place", async () => {
    const { page, close } = await watchPage(browser, app.origin);
    await page.goto(`${app.url}#token=${encodeURIComponent(TOKEN)}`);
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    await page.goto(`${app.url}#/traces/${ids.traceId}`);
    await page.getByRole("heading", { level: 1, name: "flower agent" }).waitFor();
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Or paste the token").fill(TOKEN);
    expect(await page.context().cookies()).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "flower agent" }).waitFor();
    await close();
  });
});

describe("with keys", () => {
  it("a page of ours asks for the key, and the sidebar says whose it is and what it may do", async () => {
    const keys = [{ id: "anna of the ops team", key: "key-of-anna", access: "read" }] as const;
    const keyed = await startApp("/mlops", { auth: apiKeyAuth({ keys }) });
    const { page, problems, close } = await watchPage(browser, keyed.origin);
    await page.goto(`${keyed.url}#/traces`);
    await page.getByLabel("Your key").fill("another-key");
    expect(await findFaults(page)).toEqual([]);
    await page.keyboard.press("Enter");
    await page.getByRole("alert").getByText("none of the keys").waitFor();
    await page.getByLabel("Your key").fill("key-of-anna");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Traces" }).waitFor();
    const account = page.locator(".account");
    await account.getByText("anna of the ops team").waitFor();
    await account.getByText("Read-only").waitFor();
    expect((await problems()).filter((text) => !MISSED.test(text))).toEqual([]);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByLabel("Your key").waitFor();
    await close();
    await keyed.close();
  });
});

describe("behind a proxy that gives the app another host and path", () => {
  let own: Browser;
  let proxy: RunningProxy;
  beforeAll(async () => {
    own = await launchChromium(["--host-resolver-rules=MAP ops.example 127.0.0.1"]);
    const rewrite: Rewrite = (path) => ({ path: path.replace(/^\/ops/, "/mlops") });
    proxy = await startProxy(app.origin, { rewrite, renamesHost: true });
  });
  afterAll(async () => {
    await own.close();
    proxy.close();
  });

  it("the page's command names the address that the browser is at", async () => {
    const { page, close } = await watchPage(own, proxy.origin);
    await page.goto(`${proxy.origin}/ops`);
    await page.getByText(`npx -y rivulet open ${proxy.origin}/ops/`, { exact: true }).waitFor();
    await close();
  });

  it("a sign-in that is refused for its origin is not called a wrong token", async () => {
    // To this name, which is neither encrypted nor local, browsers send no Sec-Fetch-Site.
    const origin = `http://ops.example:${proxy.port}`;
    const { page, close } = await watchPage(own, origin);
    await page.goto(`${origin}/ops/#token=${encodeURIComponent(TOKEN)}`);
    const { host } = new URL(app.origin);
    const alert = page.getByRole("alert");
    await alert.getByText(`a page of ${origin}, and was sent to ${host}.`).waitFor();
    await alert.getByText("let it pass the Host header on").waitFor();
    await close();
  });
});
