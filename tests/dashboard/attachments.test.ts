import { hash } from "node:crypto";
import { deflateSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  watched = await watchPage(browser, app.origin);
});
afterAll(() => Promise.all([browser.close(), app.close()]));

/** A picture of noise, 20 pixels wide and high: too large to stay in its span. */
const PNG = pngOf(20);
/** A second of silence. */
const WAV = wavOf(8_000);
const PDF = Buffer.from(
  `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>endobj
trailer<</Root 1 0 R>>
%%EOF
${" ".repeat(300)}`,
);

function pngOf(size: number): Buffer {
  const rows = Array.from({ length: size }, (_, y) => [
    0,
    ...Array.from({ length: size * 3 }, (_, x) => (x * 7919 + y * 104_729) % 251),
  ]);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(size, 0);
  head.writeUInt32BE(size, 4);
  head.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from("89504e470d0a1a0a", "hex"),
    chunk("IHDR", head),
    chunk("IDAT", deflateSync(Buffer.from(rows.flat()))),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const body = Buffer.concat([Buffer.from(type), data]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

function wavOf(samples: number): Buffer {
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(8_000, 24);
  head.writeUInt32LE(8_000, 28);
  head.writeUInt16LE(1, 32);
  head.writeUInt16LE(8, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples, 40);
  return Buffer.concat([head, Buffer.alloc(samples, 128)]);
}

/** Opens the page of a trace whose only span was given this. */
async function open(input: unknown): Promise<string> {
  const span = app.rivulet.startSpan("look", { type: "chat_model", input });
  span.end();
  await app.rivulet.flush();
  await watched.page.goto(`${app.url}#/traces/${span.traceId}`);
  return span.traceId;
}

function said(...content: readonly unknown[]): unknown {
  return { messages: [{ role: "user", content }] };
}

describe("files of a message", () => {
  it("an image is drawn, from wherever in the message or in a value it was taken", async () => {
    await open(
      said(
        { type: "file", mediaType: "image/png", data: PNG, filename: "noise.png" },
        { type: "text", text: `See ![it](data:image/png;base64,${PNG.toString("base64")})` },
      ),
    );
    const { page } = watched;
    const images = page.locator("img.message-image");
    await expect.poll(() => images.count(), { timeout: 10_000 }).toBe(2);
    await expect
      .poll(() =>
        images.evaluateAll((all) => all.map((one) => (one as HTMLImageElement).naturalWidth)),
      )
      .toEqual([20, 20]);
    await expect.poll(() => images.first().getAttribute("alt")).toBe("noise.png");
    expect(await watched.problems()).toEqual([]);
  });

  it("speech can be played", async () => {
    await open(said({ type: "file", mediaType: "audio/wav", data: WAV }));
    const audio = watched.page.locator("audio");
    await audio.waitFor();
    await expect
      .poll(() => audio.evaluate((one) => (one as HTMLAudioElement).duration), { timeout: 10_000 })
      .toBe(1);
    expect(await watched.problems()).toEqual([]);
  });

  it("a PDF is shown where it stands, and in a tab of its own", async () => {
    await open(said({ type: "file", mediaType: "application/pdf", data: PDF, filename: "a.pdf" }));
    const { page } = watched;
    await page.locator('iframe[title="a.pdf"]').scrollIntoViewIfNeeded();
    const viewer = expect.stringMatching(/^chrome-extension:/);
    const frames = (): string[] => page.frames().map((frame) => frame.url());
    await expect.poll(frames, { timeout: 10_000 }).toContainEqual(viewer);
    const link = page.getByRole("link", { name: "Open a.pdf" });
    await link.waitFor();
    const opened = page.context().waitForEvent("page");
    await link.click();
    const tab = await opened;
    // Chromium shows it in a viewer of its own, which a sandbox would keep out.
    await expect
      .poll(() => tab.frames().map((frame) => frame.url()), { timeout: 10_000 })
      .toContainEqual(viewer);
    expect(tab.url()).toBe(`${app.url}api/v1/attachments/${hash("sha256", PDF)}`);
    await tab.close();
  });

  it("an image in attributes is drawn where it stood", async () => {
    const span = app.rivulet.startSpan("look", { attributes: { shot: PNG } });
    span.end();
    await app.rivulet.flush();
    const { page } = watched;
    await page.goto(`${app.url}#/traces/${span.traceId}`);
    await page.getByRole("tab", { name: "Attributes" }).click();
    await page.locator(".json img.message-image").waitFor();
    expect(await watched.problems()).toEqual([]);
  });

  it("why a file is not kept is told", async () => {
    const missing = {
      type: "media",
      kind: "image",
      mediaType: "image/png",
      hash: "0".repeat(64),
      size: 9,
    };
    const tooLarge = { type: "media", kind: "image", size: 99_000_000, leftOut: "too_large" };
    await open(said(tooLarge));
    const { page } = watched;
    await page.getByText("not kept: it is larger than a file may be").waitFor();
    expect(await watched.problems()).toEqual([]);
    await open(said(missing));
    await page.getByText(/not kept: There is no attachment "0000/).waitFor();
  });
});
