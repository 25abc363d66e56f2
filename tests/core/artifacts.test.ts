import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { createRivulet, openStore, type Rivulet, RivuletError, type Store } from "@rivulet/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { aClient, aFolder, refusal, runId, START, STORES, sharedClient } from "./client.ts";

const HELLO_SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

describe.each(STORES)("artifacts on %s", (kind) => {
  test("keep bytes, text and JSON with type, size and digest", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    await run.logArtifact("notes/hello.txt", "hello");
    await run.logArtifact("model/weights.json", { w: [1, 2] });
    await run.logArtifact("model/raw", Uint8Array.of(0, 255), { contentType: "model/custom" });
    expect(await rivulet.artifacts.get({ runId: run.id, path: "notes/hello.txt" })).toEqual({
      runId: run.id,
      path: "notes/hello.txt",
      size: 5,
      sha256: HELLO_SHA256,
      contentType: "text/plain",
      createdAt: START,
      content: expect.anything(),
    });
    const read = async (path: string) => rivulet.artifacts.get({ runId: run.id, path });
    expect(Buffer.from((await read("notes/hello.txt")).content).toString()).toBe("hello");
    const json = await read("model/weights.json");
    expect(JSON.parse(Buffer.from(json.content).toString())).toEqual({ w: [1, 2] });
    expect(json.contentType).toBe("application/json");
    const raw = await read("model/raw");
    expect([...raw.content]).toEqual([0, 255]);
    expect(raw.contentType).toBe("model/custom");
    const paths = async (prefix?: string) =>
      (
        await rivulet.artifacts.list({ runId: run.id, ...(prefix === undefined ? {} : { prefix }) })
      ).map(({ path }) => path);
    expect(await paths()).toEqual(["model/raw", "model/weights.json", "notes/hello.txt"]);
    expect(await paths("model/")).toEqual(["model/raw", "model/weights.json"]);
  });

  test("are replaced by a later one of the same path", async () => {
    const { rivulet } = await aClient(kind);
    const run = await rivulet.runs.start();
    await run.logArtifact("a.txt", "first");
    await run.logArtifact("a.txt", "second");
    const { content } = await rivulet.artifacts.get({ runId: run.id, path: "a.txt" });
    expect(Buffer.from(content).toString()).toBe("second");
    expect(await rivulet.artifacts.list({ runId: run.id })).toHaveLength(1);
  });

  test("need a run that is there", async () => {
    const { rivulet } = await aClient(kind);
    await expect(
      rivulet.artifacts.put({ runId: runId(9), path: "a.txt", content: "x" }),
    ).rejects.toMatchObject(refusal("not_found", /There is no run/));
    await expect(rivulet.artifacts.get({ runId: runId(9), path: "a.txt" })).rejects.toMatchObject(
      refusal("not_found", /^There is no artifact "a\.txt" of run "0*9"\.$/),
    );
  });
});

test("artifacts lie beside the database under names of the server's making, for this user alone", async () => {
  const folder = await aFolder();
  const rivulet = createRivulet({ store: `sqlite:${join(folder, "app.db")}` });
  onTestFinished(() => rivulet.close());
  const run = await rivulet.runs.start();
  await run.logArtifact("secret/name.txt", "first");
  await run.logArtifact("secret/name.txt", "hello");
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && entry.parentPath.includes("app.db.files"),
  );
  expect(files.map(({ name }) => name)).toEqual([HELLO_SHA256]);
  const [file] = files;
  const path = join(file?.parentPath ?? "", file?.name ?? "");
  expect(await readFile(path, "utf8")).toBe("hello");
  expect((await stat(path)).mode & 0o777).toBe(0o600);
});

/** A client on a store in memory that behaves differently in what is given. */
async function aClientWith(differ: (store: Store) => Partial<Store>): Promise<{
  readonly rivulet: Rivulet;
  readonly store: Store;
}> {
  const store = await openStore("memory:");
  const { rivulet } = await aClient("memory", { store: { ...store, ...differ(store) } });
  return { rivulet, store };
}

async function filesIn(store: Store): Promise<readonly string[]> {
  const { items } = await store.files.list({ limit: 100 });
  return items.map(({ id }) => id);
}

describe("an artifact's file", () => {
  test("that is replaced between the look-up and the read is found by another look-up", async () => {
    const key = { runId: runId(1), path: "a.txt" };
    const { rivulet, store } = await aClientWith(({ files }) => ({
      files: {
        ...files,
        async read(id) {
          if (id === HELLO_SHA256) await rivulet.artifacts.put({ ...key, content: "second" });
          return files.read(id);
        },
      },
    }));
    await rivulet.runs.start();
    await rivulet.artifacts.put({ ...key, content: "hello" });
    const { content, size } = await rivulet.artifacts.get(key);
    expect([Buffer.from(content).toString(), size]).toEqual(["second", 6]);
    expect(await filesIn(store)).not.toContain(HELLO_SHA256);
  });

  test("that is gone is said to be, with what to do", async () => {
    const { rivulet } = await aClientWith(({ files }) => ({
      files: { ...files, read: async () => undefined },
    }));
    const run = await rivulet.runs.start();
    await run.logArtifact("a.txt", "hello");
    await expect(rivulet.artifacts.get({ runId: run.id, path: "a.txt" })).rejects.toMatchObject(
      refusal("store_corrupt", /The bytes of the artifact a\.txt .* Restore a backup/),
    );
  });

  test("is not left behind when its record is refused", async () => {
    const { rivulet, store } = await aClientWith(({ artifacts }) => ({
      artifacts: {
        ...artifacts,
        put: async () => {
          throw new RivuletError("store_unavailable", "The disk is full.");
        },
      },
    }));
    const run = await rivulet.runs.start();
    await expect(run.logArtifact("a.txt", "hello")).rejects.toMatchObject({
      code: "store_unavailable",
    });
    expect(await filesIn(store)).toEqual([]);
  });

  test("stays when its record was written although the answer was an error", async () => {
    const { rivulet } = await aClientWith(({ artifacts }) => ({
      artifacts: {
        ...artifacts,
        async put(artifact) {
          await artifacts.put(artifact);
          throw new RivuletError("store_unavailable", "The connection was cut.");
        },
      },
    }));
    const run = await rivulet.runs.start();
    await expect(run.logArtifact("a.txt", "hello")).rejects.toThrow("The connection was cut.");
    const { content } = await rivulet.artifacts.get({ runId: run.id, path: "a.txt" });
    expect(Buffer.from(content).toString()).toBe("hello");
  });

  test("that was cleared away before its record was written is written again", async () => {
    let isFirst = true;
    const { rivulet } = await aClientWith(({ artifacts, files }) => ({
      artifacts: {
        ...artifacts,
        async put(artifact) {
          if (isFirst) expect(await files.delete([artifact.fileId])).toEqual([HELLO_SHA256]);
          isFirst = false;
          return artifacts.put(artifact);
        },
      },
    }));
    const run = await rivulet.runs.start();
    await run.logArtifact("a.txt", "hello");
    const { content } = await rivulet.artifacts.get({ runId: run.id, path: "a.txt" });
    expect(Buffer.from(content).toString()).toBe("hello");
  });

  test("is kept once for equal content, until the last that names it is replaced", async () => {
    const { rivulet, store } = await aClientWith(() => ({}));
    const run = await rivulet.runs.start();
    await run.logArtifact("a.txt", "hello");
    await run.logArtifact("b.txt", "hello");
    expect(await filesIn(store)).toEqual([HELLO_SHA256]);
    await run.logArtifact("a.txt", "second");
    expect(await filesIn(store)).toContain(HELLO_SHA256);
    await run.logArtifact("b.txt", "second");
    expect(await filesIn(store)).toHaveLength(1);
    expect(await filesIn(store)).not.toContain(HELLO_SHA256);
  });

  test("holds what the content was when it was given", async () => {
    const { rivulet } = await aClientWith(() => ({}));
    const run = await rivulet.runs.start();
    const content = Uint8Array.of(1, 2, 3);
    const putting = run.logArtifact("raw", content);
    content.fill(0);
    await putting;
    const read = await rivulet.artifacts.get({ runId: run.id, path: "raw" });
    expect([...read.content]).toEqual([1, 2, 3]);
  });
});

describe("the type of an artifact", () => {
  const client = sharedClient();

  test.each([
    ["notes.md", "text/markdown"],
    ["speech.WAV", "audio/wav"],
    ["rows.jsonl", "application/jsonl"],
    ["study.ipynb", "application/x-ipynb+json"],
    ["model.onnx", "application/octet-stream"],
    ["table.parquet", "application/vnd.apache.parquet"],
    ["train.ts", "text/plain"],
    ["worker.mjs", "text/plain"],
    ["style.css", "text/plain"],
    ["params.yaml", "application/yaml"],
    ["a.b/no-ending", "text/plain"],
    ["model.constructor", "text/plain"],
  ])("of %s given as text is %s", async (path, type) => {
    const run = await client().runs.start();
    await run.logArtifact(path, "x");
    const [artifact] = await client().artifacts.list({ runId: run.id });
    expect(artifact?.contentType).toBe(type);
  });

  test("of bytes without a known ending is that of any bytes", async () => {
    const run = await client().runs.start();
    await run.logArtifact("model.safetensors", Uint8Array.of(1));
    const [artifact] = await client().artifacts.list({ runId: run.id });
    expect(artifact?.contentType).toBe("application/octet-stream");
  });
});

describe("artifacts named with signs that mean something in addresses", () => {
  const client = sharedClient();
  const NAMES = [
    "ckpt-2026-01-01T10:00:00.bin",
    "plots/a:b.png",
    "50% of #1?.txt",
    "100%",
    "%41",
    "a+b&c=d.txt",
  ];

  test.each(NAMES)("keep %j, in a folder, in an archive, and on a disk", async (path) => {
    const rivulet = client();
    const run = await rivulet.runs.start();
    await run.logArtifact(path, "x");
    expect((await rivulet.artifacts.list({ runId: run.id })).map((one) => one.path)).toEqual([
      path,
    ]);
    const { content } = await rivulet.artifacts.get({ runId: run.id, path });
    expect(Buffer.from(content as Uint8Array).toString()).toBe("x");
    const zip = await new Response(await rivulet.artifacts.zip({ runId: run.id })).bytes();
    expect(Buffer.from(zip).toString("latin1")).toContain(path);
    const to = join(await aFolder(), "to");
    const { files } = await rivulet.artifacts.download({ runId: run.id, to });
    expect(files).toEqual([join(to, path)]);
    expect(await rivulet.artifacts.delete({ runId: run.id, path })).toBe(1);
  });
});

test.each([
  ["ckpt-10:00.bin", ":"],
  ["really?/a.txt", "?"],
])(
  "on Windows, which cannot have a file %j, a download says so and writes nothing",
  async (path, sign) => {
    const { rivulet } = await aClient("memory");
    const run = await rivulet.runs.start();
    await run.logArtifact("100%.txt", "x");
    await run.logArtifact(path, "x");
    const to = join(await aFolder(), "to");
    const { platform } = process;
    onTestFinished(() => void Object.defineProperty(process, "platform", { value: platform }));
    Object.defineProperty(process, "platform", { value: "win32" });
    await expect(rivulet.artifacts.download({ runId: run.id, to })).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining(
        `"${path}" cannot be the name of a file on Windows: it contains "${sign}"`,
      ),
    });
    await expect(readdir(to)).rejects.toMatchObject({ code: "ENOENT" });
    await rivulet.artifacts.download({ runId: run.id, path: "100%.txt", to });
    expect(await readdir(to)).toEqual(["100%.txt"]);
  },
);

describe("artifacts with bad input", () => {
  const client = sharedClient();

  test.each([
    "../etc/passwd",
    "a/../../b",
    "..",
    ".",
    "",
    "/etc/passwd",
    "a//b",
    "a/",
    "a\\..\\b",
    "C:\\x",
    "C:x",
    "c:/x",
    "file:///etc/passwd",
    "%2e%2e/x",
    "%252e%252e/x",
    "model/%2E./x",
    "..%2fx",
    "a%255Cb",
    "a;b",
    "a\0b",
    "a\nb",
    "con",
    "aux.txt",
    "com¹",
    "a\u007fb",
    "a\u0085b",
    "photo\u202egnp.exe",
    "\u200b",
    "invoice\u00ad.pdf",
    "a\u2028b",
    "nul .txt",
    "CONOUT$",
    "a\u2066b",
    "a./b",
    " a",
    `${"x".repeat(256)}/y`,
    // 128 letters of two bytes: file systems count those.
    "é".repeat(128),
    `a/${"b/".repeat(300)}c`,
  ])("refuse the path %j", async (path) => {
    const rivulet = client();
    const run = await rivulet.runs.start();
    await expect(run.logArtifact(path, "x")).rejects.toMatchObject(
      refusal("invalid_argument", /is not an artifact path/),
    );
    await expect(rivulet.artifacts.get({ runId: run.id, path })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    expect(await rivulet.artifacts.list({ runId: run.id })).toEqual([]);
  });

  test.each([["text/html\r\nx: y"], ["text"], [""]])("refuse the type %j", async (contentType) => {
    const rivulet = client();
    const run = await rivulet.runs.start();
    await expect(run.logArtifact("a.txt", "x", { contentType })).rejects.toMatchObject(
      refusal("invalid_argument", /contentType/),
    );
  });
});
