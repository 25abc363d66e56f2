import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet, openStore, type Rivulet } from "@rivulet/core";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { describeContract } from "./contract-suite.ts";
import { aFolder } from "./folder.ts";
import { startS3 } from "./s3-server.ts";

const server = await startS3();
afterAll(server.close);

const FILES = /^(?:files|artifacts|attachments)/;
const options = () => ({ artifacts: server.place() });

describeContract("sqlite, with files in S3,", (folder) => `sqlite:${join(folder, "test.db")}`, {
  options,
  rules: FILES,
});
describeContract("json, with files in S3,", (folder) => `json:${join(folder, "project")}`, {
  options,
  rules: FILES,
});

/** A client whose files are in S3, closed after the test. */
async function aClient(artifacts: string, folder?: string): Promise<Rivulet> {
  const path = join(folder ?? (await aFolder()), "app.db");
  const rivulet = createRivulet({ store: `sqlite:${path}`, artifacts });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

async function* parts(count: number): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < count; n += 1) yield new Uint8Array(1024 * 1024).fill(n);
}

async function uploadsIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith("rivulet-upload-"));
}

test("a large artifact goes to S3 in parts, comes back whole, and lies nowhere else", async () => {
  const folder = await aFolder();
  const rivulet = await aClient(server.place(), folder);
  const run = await rivulet.runs.start();
  await run.logArtifact("big.bin", parts(40));
  const key = { runId: run.id, path: "big.bin" };
  const { content, sha256 } = await rivulet.artifacts.stream(key);
  const digest = createHash("sha256");
  for await (const part of content) digest.update(part);
  expect(digest.digest("hex")).toBe(sha256);
  expect(await readdir(folder)).not.toContain("app.db.files");
  expect(await uploadsIn(tmpdir())).toEqual([]);
  expect(await rivulet.artifacts.delete(key)).toBe(1);
  await rivulet.close();
  const store = await openStore(`sqlite:${join(folder, "app.db")}`, options());
  const left = await store.files.read(sha256);
  await store.close();
  expect(left).toBeUndefined();
});

test("a file that a store had beside itself can be read after the move to S3", async () => {
  const folder = await aFolder();
  const before = createRivulet({ store: `sqlite:${join(folder, "app.db")}` });
  const run = await before.runs.start();
  await run.logText("a.txt", "beside");
  await before.close();
  const rivulet = await aClient(server.place(), folder);
  const { content } = await rivulet.artifacts.get({ runId: run.id, path: "a.txt" });
  expect(Buffer.from(content).toString()).toBe("beside");
});

describe("what is wrong with S3 is said, and what to do:", () => {
  test("a bucket that is not there", async () => {
    const rivulet = await aClient(server.place("nowhere"));
    const run = await rivulet.runs.start();
    await expect(run.logText("a.txt", "a")).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringMatching(/^There is no bucket nowhere at http:.* create it/),
    });
    await expect(run.logArtifact("b", parts(3))).rejects.toMatchObject({
      code: "store_unavailable",
    });
    expect(await rivulet.artifacts.list({ runId: run.id })).toEqual([]);
  });

  test("credentials that are not accepted", async () => {
    vi.stubEnv("AWS_ACCESS_KEY_ID", "SOMEBODY");
    onTestFinished(() => void vi.unstubAllEnvs());
    const rivulet = await aClient(server.place());
    const run = await rivulet.runs.start();
    await expect(run.logText("a.txt", "a")).rejects.toMatchObject({
      code: "permission_denied",
      message: expect.stringMatching(/refuses these credentials \(InvalidAccessKeyId\)/),
    });
  });

  test("nobody who answers", async () => {
    const rivulet = await aClient("s3://artifacts/a?endpoint=http://127.0.0.1:9");
    const run = await rivulet.runs.start();
    await expect(run.logText("a.txt", "a")).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringMatching(/^The bucket artifacts at http:.* cannot be reached: /),
    });
  });

  test.each([
    ["s3://", /is no place for files\. Write it like s3:/],
    ["s3://key:secret@bucket/a", /Credentials come from the environment/],
    ["s3://bucket/a?acl=public", /unknown parameter acl/],
    ["s3://bucket/a?endpoint=ftp://x", /endpoint is no URL of http/],
    ["https://bucket", /artifacts/],
  ])("%s", async (artifacts, message) => {
    const store = `sqlite:${join(await aFolder(), "app.db")}`;
    await expect(openStore(store, { artifacts })).rejects.toMatchObject({
      code: "invalid_argument",
      message: expect.stringMatching(message),
    });
  });

  test("a store that keeps its files itself", async () => {
    await expect(openStore("memory:", options())).rejects.toMatchObject({ code: "unsupported" });
  });
});
