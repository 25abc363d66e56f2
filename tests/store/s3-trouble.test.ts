import { mkdtemp, readdir, rm } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ActiveRun, createRivulet, type Rivulet } from "@rivulet/core";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { aFolder } from "./folder.ts";
import { type Intercept, startS3 } from "./s3-server.ts";

const server = await startS3();
afterAll(server.close);
// Others use the machine's at the same time.
process.env["TMPDIR"] = await mkdtemp(join(tmpdir(), "rivulet-trouble-"));
afterAll(() => rm(tmpdir(), { recursive: true }));

const MEGABYTE = 1024 * 1024;
const AWAY = { code: "store_unavailable", message: expect.stringMatching(/cannot be reached: /) };

/** A run of a client whose files are in S3, with a file in it. */
async function aRun(): Promise<{ readonly rivulet: Rivulet; readonly run: ActiveRun }> {
  const store = `sqlite:${join(await aFolder(), "app.db")}`;
  const rivulet = createRivulet({ store, artifacts: `${server.place()}&timeoutMs=1000` });
  onTestFinished(() => rivulet.close());
  const run = await rivulet.runs.start();
  await run.logArtifact("there.bin", parts(2));
  return { rivulet, run };
}

async function* parts(count: number): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < count; n += 1) yield new Uint8Array(MEGABYTE).fill(n);
}

/** Until the test ends, those of these requests are answered so. */
function whenever(
  isMeant: (request: IncomingMessage) => boolean,
  answer: (response: ServerResponse) => void,
): void {
  const intercept: Intercept = (request, response) => {
    if (!isMeant(request)) return false;
    answer(response);
    return true;
  };
  server.intercept(intercept);
  onTestFinished(() => server.intercept(undefined));
}

const pathsOf = async (rivulet: Rivulet, run: ActiveRun): Promise<readonly string[]> =>
  (await rivulet.artifacts.list({ runId: run.id })).map(({ path }) => path);

const leftUploads = async (): Promise<readonly string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith("rivulet-upload-"));

/** An answer that ends in its middle: cut off, or with nothing more to come. */
const halfAnswer =
  (end: (response: ServerResponse) => void) =>
  (response: ServerResponse): void => {
    response.writeHead(206, { "content-length": MEGABYTE });
    response.write(new Uint8Array(1000), () => end(response));
  };

describe("S3 that fails in the middle", () => {
  const troubles: readonly (readonly [string, (response: ServerResponse) => void])[] = [
    ["cuts the connection", (response) => void response.destroy()],
    ["says nothing any more", () => undefined],
  ];

  test.each(troubles)("of a file: it %s, and the file is not listed", async (_name, end) => {
    const { rivulet, run } = await aRun();
    whenever(({ method }) => method === "PUT", end);
    await expect(run.logText("a.txt", "a")).rejects.toMatchObject(AWAY);
    await expect(run.logArtifact("b.bin", parts(2))).rejects.toMatchObject(AWAY);
    expect(await pathsOf(rivulet, run)).toEqual(["there.bin"]);
    expect(await leftUploads()).toEqual([]);
    server.intercept(undefined);
    await run.logText("a.txt", "a");
    expect(await pathsOf(rivulet, run)).toEqual(["a.txt", "there.bin"]);
  });

  test.each(troubles)(
    "of a large file: it %s, and what was sent is aborted",
    async (_name, end) => {
      const { rivulet, run } = await aRun();
      const aborted: string[] = [];
      server.intercept(({ method, url = "" }, response) => {
        if (method === "DELETE") aborted.push(url);
        if (!url.includes("partNumber=2")) return false;
        end(response);
        return true;
      });
      onTestFinished(() => server.intercept(undefined));
      await expect(run.logArtifact("b.bin", parts(40))).rejects.toMatchObject(AWAY);
      expect(aborted).toEqual([expect.stringMatching(/uploadId=/)]);
      expect(await pathsOf(rivulet, run)).toEqual(["there.bin"]);
      expect(await leftUploads()).toEqual([]);
    },
  );

  test.each(troubles)("of reading: it %s, and the reader is told", async (_name, end) => {
    const { rivulet, run } = await aRun();
    const key = { runId: run.id, path: "there.bin" };
    const stream = await rivulet.artifacts.stream(key);
    whenever(({ method }) => method === "GET", halfAnswer(end));
    await expect(Array.fromAsync(stream.content)).rejects.toMatchObject(AWAY);
    await expect(rivulet.artifacts.get(key)).rejects.toMatchObject(AWAY);
    server.intercept(undefined);
    const { content } = await rivulet.artifacts.get(key);
    expect(content.byteLength).toBe(2 * MEGABYTE);
  });

  test("for a moment is asked again", async () => {
    const { rivulet, run } = await aRun();
    let failures = 0;
    server.intercept(({ method }, response) => {
      if (method !== "PUT" || failures === 2) return false;
      failures += 1;
      response.destroy();
      return true;
    });
    onTestFinished(() => server.intercept(undefined));
    await run.logText("a.txt", "a");
    expect(failures).toBe(2);
    expect(await pathsOf(rivulet, run)).toEqual(["a.txt", "there.bin"]);
  });
});
