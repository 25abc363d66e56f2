import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createRivulet } from "@rivulet/core";
import { unzipSync } from "fflate";
import { describe, expect, onTestFinished, test } from "vitest";
import { aClient, aFolder, refusal, runId, STORES, sharedClient } from "./client.ts";

const MIB = 1024 * 1024;

/** Parts of bytes of which no two are equal. */
async function* parts(count: number, size = 700_001): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < count; n += 1) yield new Uint8Array(size).fill(n + 1);
}

async function collect(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe.each(STORES)("a stream on %s", (kind) => {
  test("is stored as it comes, and read as a stream, whole or in part", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    await run.logArtifact("big.bin", parts(5));
    const key = { runId: run.id, path: "big.bin" };
    const whole = Buffer.concat(await Array.fromAsync(parts(5)));
    const sha256 = createHash("sha256").update(whole).digest("hex");
    const { content, ...artifact } = await rivulet.artifacts.stream(key);
    expect(artifact).toMatchObject({ ...key, size: whole.length, length: whole.length, sha256 });
    expect((await collect(content)).equals(whole)).toBe(true);
    for (const [start, end] of [
      [0, 0],
      [MIB - 3, MIB + 3],
      [700_000, 2_900_000],
      [whole.length - 2, 99_999_999],
    ] as const) {
      const part = await rivulet.artifacts.stream(key, { range: { start, end } });
      const expected = whole.subarray(start, end + 1);
      expect(part.length).toBe(expected.length);
      expect((await collect(part.content)).equals(expected)).toBe(true);
    }
    const tail = await rivulet.artifacts.stream(key, { range: { start: whole.length - 2 } });
    expect([...(await collect(tail.content))]).toEqual([5, 5]);
    await expect(
      rivulet.artifacts.stream(key, { range: { start: whole.length } }),
    ).rejects.toMatchObject(refusal("invalid_argument", /^range\.start: .* none at 3500005$/));
  });

  test("that is deleted while it is read fails, and says so", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    await run.logArtifact("big.bin", parts(5));
    const key = { runId: run.id, path: "big.bin" };
    const { content } = await rivulet.artifacts.stream(key);
    expect(await rivulet.artifacts.delete(key)).toBe(1);
    await expect(collect(content)).rejects.toMatchObject(
      refusal("conflict", /was replaced or deleted while it was read/),
    );
  });
});

test("a stream over the limit leaves nothing, not even a temporary file", async () => {
  const folder = await aFolder();
  const store = `sqlite:${join(folder, "app.db")}`;
  const rivulet = createRivulet({ store, artifactBytes: 2 * MIB });
  onTestFinished(() => rivulet.close());
  const run = await rivulet.runs.start();
  await expect(run.logArtifact("big.bin", parts(5))).rejects.toMatchObject(
    refusal("limit_exceeded", /more than 2097152 bytes\. Set the client's option artifactBytes/),
  );
  await run.logArtifact("fits.bin", parts(2));
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((one) => one.isFile() && one.parentPath.includes("app.db.files"));
  expect(files.map(({ name }) => name)).toEqual([expect.stringMatching(/^[\da-f]{64}$/)]);
});

test("content may have as many bytes as the limit says, and not one more, however it comes", async () => {
  const { rivulet } = await aClient("memory", { artifactBytes: 100 });
  const run = await rivulet.runs.start();
  const waysToGive = (size: number) => [
    new Uint8Array(size),
    "x".repeat(size),
    new Blob([new Uint8Array(size)]),
    parts(1, size),
  ];
  for (const content of waysToGive(100)) {
    await run.logArtifact("a.bin", content);
    const [stored] = await rivulet.artifacts.list({ runId: run.id });
    expect(stored?.size).toBe(100);
  }
  for (const content of waysToGive(101)) {
    await expect(run.logArtifact("b.bin", content)).rejects.toMatchObject(
      refusal("limit_exceeded", /more than 100 bytes/),
    );
  }
});

describe("of a run", () => {
  const client = sharedClient();

  test("that is deleted, artifacts are neither stored nor deleted", async () => {
    const run = await client().runs.start();
    await run.logArtifact("a.txt", "a");
    await client().runs.delete(run.id);
    const deleted = refusal("conflict", /is deleted\. Restore it before writing to it/);
    await expect(run.logArtifact("b.txt", "b")).rejects.toMatchObject(deleted);
    await expect(run.logArtifact("b.bin", parts(3))).rejects.toMatchObject(deleted);
    const key = { runId: run.id, path: "a.txt" };
    await expect(client().artifacts.delete(key)).rejects.toMatchObject(deleted);
    expect(await client().artifacts.list({ runId: run.id })).toHaveLength(1);
  });

  test("that is deleted while a stream comes, nothing is stored", async () => {
    const run = await client().runs.start();
    const deleting = async function* (): AsyncGenerator<Uint8Array> {
      yield* parts(3);
      await client().runs.delete(run.id);
    };
    await expect(run.logArtifact("b.bin", deleting())).rejects.toMatchObject({ code: "conflict" });
    expect(await client().artifacts.list({ runId: run.id })).toEqual([]);
  });

  test("folders are listed with what is in them, and deleted with it", async () => {
    const run = await client().runs.start();
    for (const path of ["model/w/1", "model/w/2", "model/card.md", "log.txt"]) {
      await run.logArtifact(path, "123");
    }
    const { artifacts } = client();
    const { items } = await artifacts.listFolder({ runId: run.id });
    expect(items).toMatchObject([
      { path: "log.txt", isFolder: false, size: 3, files: 1, contentType: "text/plain" },
      { path: "model", isFolder: true, size: 9, files: 3 },
    ]);
    const first = await artifacts.listFolder({ runId: run.id, path: "model", limit: 1 });
    const { nextPageToken: pageToken = "" } = first;
    const second = await artifacts.listFolder({ runId: run.id, path: "model", pageToken });
    expect([...first.items, ...second.items].map(({ path }) => path)).toEqual([
      "model/card.md",
      "model/w",
    ]);
    await expect(
      artifacts.listFolder({ runId: run.id, path: "other", pageToken }),
    ).rejects.toMatchObject({ code: "invalid_argument" });
    expect(await artifacts.delete({ runId: run.id, path: "model/w" })).toBe(2);
    await expect(artifacts.delete({ runId: run.id, path: "model/w" })).rejects.toMatchObject(
      refusal("not_found", /There is no artifact "model\/w"/),
    );
    await expect(artifacts.listFolder({ runId: runId(9999) })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("a folder cannot be where a file is", async () => {
    const run = await client().runs.start();
    await run.logArtifact("model/w", "1");
    await expect(run.logArtifact("model", "1")).rejects.toMatchObject(
      refusal("conflict", /it is a folder, which has model\/w/),
    );
    await expect(run.logArtifact("model/w/1", "1")).rejects.toMatchObject(
      refusal("conflict", /model\/w is a file and no folder/),
    );
  });

  test("an archive has the files of a folder by their names in it", async () => {
    const run = await client().runs.start();
    await run.logArtifact("model/ü.txt", "first");
    await run.logArtifact("model/sub/b", parts(2));
    const archive = await client().artifacts.zip({ runId: run.id, path: "model" });
    const files = unzipSync(await collect(archive));
    expect(Object.keys(files)).toEqual(["sub/b", "ü.txt"]);
    expect(Buffer.from(files["ü.txt"] ?? []).toString()).toBe("first");
    expect(files["sub/b"]).toHaveLength(1_400_002);
    const empty = await client().runs.start();
    expect(
      Object.keys(unzipSync(await collect(await client().artifacts.zip({ runId: empty.id })))),
    ).toEqual([]);
  });
});
