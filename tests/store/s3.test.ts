import { createHash } from "node:crypto";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet, openStore, type Rivulet } from "@rivulet/core";
import { storageElsewhere } from "@rivulet/store/files";
import type { FileStorage } from "@rivulet/store/sql";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { aStoreUrl } from "../postgres/store-url.ts";
import { describeContract } from "./contract-suite.ts";
import { aFolder } from "./folder.ts";
import { startS3 } from "./s3-server.ts";

const server = await startS3();
afterAll(server.close);
// Others use the machine's at the same time.
process.env["TMPDIR"] = await mkdtemp(join(tmpdir(), "rivulet-s3-"));
afterAll(() => rm(tmpdir(), { recursive: true, force: true }));

const FILES = /^(?:files|artifacts|attachments)/;
const options = () => ({ artifacts: server.place() });

describeContract("sqlite, with files in S3,", (folder) => `sqlite:${join(folder, "test.db")}`, {
  options,
  rules: FILES,
});
describeContract("postgres, with files in S3,", () => aStoreUrl(), { options, rules: FILES });
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

/** The storage in a place, as the store with this id has it. */
function storageOf(artifacts: string, id: string): FileStorage {
  const storage = storageElsewhere({ artifacts });
  if (storage === undefined) throw new Error("There is no storage.");
  void storage.own?.(id);
  return storage;
}

const NO_UPLOAD = "<Error><Code>NoSuchUpload</Code></Error>";

/** Two of these uploads, after the one with a key, as S3 lists them. */
function uploadPage(uploads: readonly (readonly string[])[], after: string | null): string {
  const at = uploads.findIndex(([key]) => key === after) + 1;
  const page = uploads.slice(at, at + 2);
  const isLast = at + 2 >= uploads.length;
  const items = page.map(
    ([key, id, time]) =>
      `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${time}</Initiated></Upload>`,
  );
  const next = isLast ? "" : `<NextKeyMarker>${page.at(-1)?.[0]}</NextKeyMarker>`;
  return `<ListMultipartUploadsResult><IsTruncated>${!isLast}</IsTruncated>${next}${items.join("")}</ListMultipartUploadsResult>`;
}

async function uploadsIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.startsWith("rivulet-upload-"));
}

test("a large artifact goes to S3 in parts, comes back whole, and lies nowhere else", async () => {
  const folder = await aFolder();
  const artifacts = server.place();
  const rivulet = await aClient(artifacts, folder);
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
  const store = await openStore(`sqlite:${join(folder, "app.db")}`, { artifacts });
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

describe("a place", () => {
  test("belongs to one store: another is told so before it writes, and removes nothing", async () => {
    const artifacts = server.place();
    const first = await aClient(artifacts);
    const run = await first.runs.start();
    await run.logText("a.txt", "first");
    const second = await aClient(artifacts);
    const other = await second.runs.start();
    const refused = {
      code: "conflict",
      message: expect.stringMatching(
        /^s3:\/\/artifacts\/team\/\d+ at http.* holds the files of another store \(.*delete the object team\/\d+\/\.rivulet-store\.$/,
      ),
    };
    await expect(other.logText("b.txt", "second")).rejects.toMatchObject(refused);
    await expect(other.logArtifact("c.bin", parts(3))).rejects.toMatchObject(refused);
    const storage = storageOf(artifacts, "another");
    await expect(storage.removeTemporary(0)).rejects.toMatchObject(refused);
    await expect(storage.remove(undefined as never, [])).rejects.toMatchObject(refused);
    await run.logText("a.txt", "again");
    const { content } = await first.artifacts.get({ runId: run.id, path: "a.txt" });
    expect(Buffer.from(content).toString()).toBe("again");
  });

  test("is the same store's when that is opened again, and all clones' of a project", async () => {
    const artifacts = server.place();
    const folder = await aFolder();
    for (const text of ["one", "two"]) {
      const rivulet = await aClient(artifacts, folder);
      await (await rivulet.runs.start()).logText("a.txt", text);
      await rivulet.close();
    }
    const shared = server.place();
    for (const clone of ["a", "b"]) {
      const rivulet = createRivulet({ store: `json:${join(folder, clone)}`, artifacts: shared });
      onTestFinished(() => rivulet.close());
      await (await rivulet.runs.start()).logText("a.txt", clone);
    }
  });

  test("is shared by all that use one database, where files from before can be read", async () => {
    const store = await aStoreUrl();
    const spool = join(await aFolder(), "spool");
    const client = async (options: { artifacts?: string }): Promise<Rivulet> => {
      const rivulet = createRivulet({ store, spool, ...options });
      onTestFinished(() => rivulet.close());
      return rivulet;
    };
    const before = await client({});
    const run = await before.runs.start({ name: "shared" });
    await run.logArtifact("inside.bin", parts(2));
    await before.close();
    const place = { artifacts: server.place() };
    const [one, other] = [await client(place), await client(place)];
    const again = await one.runs.resume(run.id);
    await again.logArtifact("outside.bin", parts(3));
    const sizes = async (path: string): Promise<number> => {
      const { content } = await other.artifacts.get({ runId: run.id, path });
      return content.byteLength;
    };
    expect(await sizes("inside.bin")).toBe(2 * 1024 * 1024);
    expect(await sizes("outside.bin")).toBe(3 * 1024 * 1024);
    expect(await other.artifacts.delete({ runId: run.id, path: "outside.bin" })).toBe(1);
  });

  test("has files of others beside ours, which are not listed and not removed", async () => {
    const artifacts = server.place();
    const [file, others] = ["f".repeat(64), [`sub/${"e".repeat(64)}`, ".rivulet-store"]];
    const storage = storageOf(artifacts, "ours");
    await storage.write(file, Buffer.from("ours"));
    const below = storageOf(artifacts.replace("?", "/sub?"), "theirs");
    await below.write("e".repeat(64), Buffer.from("theirs"));
    const listed: string[] = [];
    for (let pageToken: string | undefined = ""; pageToken !== undefined; ) {
      const query = pageToken === "" ? { limit: 1 } : { limit: 1, pageToken };
      const page = await storage.list(query);
      listed.push(...page.items.map(({ id }) => id));
      pageToken = page.nextPageToken;
    }
    expect(listed).toEqual([file]);
    const unused = undefined as never;
    expect(await storage.hold(unused, { ids: [file, ...others], olderThanMs: 0 })).toEqual([file]);
  });

  test("is rid of what killed processes were sending to it, page by page, and of nothing else", async () => {
    const artifacts = server.place();
    const prefix = new URL(artifacts).pathname.slice(1);
    const [old, young] = ["2020-01-01T00:00:00Z", "2100-01-01T00:00:00Z"];
    const uploads = [
      [`${prefix}/${"a".repeat(64)}`, "old", old],
      [`${prefix}/${"b".repeat(64)}`, "young", young],
      [`${prefix}/sub/${"c".repeat(64)}`, "anotherPlace", old],
      [`${prefix}/movie.mp4`, "somebodyElse", old],
      [`${prefix}/${"d".repeat(64)}`, "gone", old],
      [`${prefix}/${"e".repeat(64)}`, "oldToo", old],
    ];
    const aborted: string[] = [];
    server.intercept(({ method, url = "" }, response) => {
      const { searchParams } = new URL(url, server.endpoint);
      const [prefixGiven, id] = [searchParams.get("prefix"), searchParams.get("uploadId")];
      if (method === "DELETE" && id !== null) {
        aborted.push(id);
        if (id === "gone") response.writeHead(404).end(NO_UPLOAD);
        else response.writeHead(204).end();
        return true;
      }
      if (!searchParams.has("uploads")) return false;
      expect(prefixGiven).toBe(`${prefix}/`);
      response.end(uploadPage(uploads, searchParams.get("key-marker")));
      return true;
    });
    onTestFinished(() => server.intercept(undefined));
    expect(await storageOf(artifacts, "ours").removeTemporary(3_600_000)).toBe(3);
    expect(aborted).toEqual(["old", "gone", "oldToo"]);
  });

  test("of a storage that cannot list what is being sent to it is left to that", async () => {
    expect(await storageOf(server.place(), "ours").removeTemporary(0)).toBe(0);
  });
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

  test("a store that does not outlive its client", async () => {
    await expect(openStore("memory:", options())).rejects.toMatchObject({ code: "unsupported" });
  });
});
