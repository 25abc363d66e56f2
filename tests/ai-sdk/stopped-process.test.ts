import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRivulet } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";

const APP = fileURLToPath(new URL("children/streaming-app.ts", import.meta.url));

test("a stream in flight at SIGTERM is closed as abandoned at once, with what has come of it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-sigterm-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const store = `sqlite:${join(folder, "app.db")}`;
  const app = spawn(process.execPath, ["--conditions=@rivulet/source", APP, store], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(app, "close");
  onTestFinished(() => void app.kill("SIGKILL"));
  await once(app.stdout, "data");

  app.kill("SIGTERM");
  await ended;

  const rivulet = createRivulet({ store });
  onTestFinished(() => rivulet.close());
  const { items } = await rivulet.traces.search();
  const spans = await rivulet.traces.loadSpans(items[0]?.id ?? "");
  expect(spans.map(({ name, status }) => [name, status])).toEqual([
    ["request", "abandoned"],
    ["streamText", "abandoned"],
    ["step 1", "abandoned"],
    ["chat m", "abandoned"],
  ]);
  expect(spans.at(-1)).toMatchObject({
    output: { messages: [{ role: "assistant", content: "Half an answer" }] },
    statusMessage: "The client was closed before the end.",
  });
});
