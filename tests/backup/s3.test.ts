import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { migrateStore, openStore, restoreBackup } from "@rivulet/core";
import { afterAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { run } from "../cli/rivulet.ts";
import { aStoreUrl } from "../postgres/store-url.ts";
import { startS3 } from "../store/s3-server.ts";
import { aFolder, opened } from "./folder.ts";
import { fillStore, readStore } from "./full-store.ts";

const server = await startS3();
afterAll(server.close);

const STORES = {
  sqlite: async (folder: string) => `sqlite:${join(folder, "a.db")}`,
  json: async (folder: string) => `json:${join(folder, "a.json")}`,
  postgres: async (_folder: string) => aStoreUrl(),
};
const KINDS = Object.keys(STORES) as readonly (keyof typeof STORES)[];

/** A store whose files are in S3, and all that is in it. */
async function filled(url: string, artifacts: string): Promise<unknown> {
  const store = await openStore(url, { artifacts, spool: join(await aFolder(), "spool") });
  await fillStore(store);
  const content = await readStore(store);
  await store.close();
  return content;
}

async function contentOf(url: string, artifacts?: string): Promise<unknown> {
  const options = artifacts === undefined ? {} : { artifacts };
  const store = await openStore(url, { ...options, spool: join(await aFolder(), "spool") });
  onTestFinished(() => store.close());
  return readStore(store);
}

describe("a store whose files are in S3", () => {
  test.each(KINDS)("is backed up with them, and restored into S3 or not: %s", async (kind) => {
    const folder = await aFolder();
    const [from, place] = [await STORES[kind](folder), server.place()];
    const content = await filled(from, place);
    const store = await openStore(from, { artifacts: place, readOnly: true });
    const backup = join(await aFolder(), "backup");
    expect(await store.backup(backup)).toMatchObject({ files: 3, missingFiles: [] });
    await store.close();

    const [elsewhere, other] = [await STORES[kind](join(await aFolder(), "b")), server.place()];
    await restoreBackup(backup, { store: elsewhere, artifacts: other });
    expect(await contentOf(elsewhere, other)).toEqual(content);

    const beside = await STORES[kind](join(await aFolder(), "c"));
    await restoreBackup(backup, { store: beside });
    expect(await contentOf(beside)).toEqual(content);
  });

  test.each([
    ["sqlite", "postgres"],
    ["postgres", "json"],
    ["json", "sqlite"],
  ] as const)(
    "is migrated from %s to %s with them, compared, and back to the disk",
    async (kind, next) => {
      const [from, place] = [await STORES[kind](await aFolder()), server.place()];
      const content = await filled(from, place);
      const [to, other] = [await STORES[next](join(await aFolder(), "new")), server.place()];
      const given = { from, to, fromArtifacts: place, toArtifacts: other };
      expect(await migrateStore(given)).toMatchObject({ files: 3, missingFiles: [] });
      const last = `sqlite:${join(await aFolder(), "last.db")}`;
      await migrateStore({ from: to, to: last, fromArtifacts: other });
      expect(await contentOf(to, other)).toEqual(content);
      expect(await contentOf(last)).toEqual(content);
    },
  );

  test("is not brought into its own place, which the next to clean up would empty", async () => {
    const [folder, place] = [await aFolder(), server.place()];
    const from = `sqlite:${join(folder, "a.db")}`;
    const content = await filled(from, place);
    const refused = { code: "conflict", message: expect.stringMatching(/another store.*prefix/) };
    const to = `sqlite:${join(folder, "b.db")}`;
    const both = { fromArtifacts: place, toArtifacts: place };
    await expect(migrateStore({ from, to, ...both })).rejects.toMatchObject(refused);
    const store = await openStore(from, { artifacts: place });
    const backup = join(folder, "backup");
    await store.backup(backup);
    await store.close();
    const target = { store: `sqlite:${join(folder, "c.db")}`, artifacts: place };
    await expect(restoreBackup(backup, target)).rejects.toMatchObject(refused);
    expect(existsSync(join(folder, "c.db"))).toBe(false);
    expect(await contentOf(from, place)).toEqual(content);
  });

  test("is found by RIVULET_ARTIFACTS, on the command line, too", async () => {
    const [folder, place] = [await aFolder(), server.place()];
    vi.stubEnv("RIVULET_ARTIFACTS", place);
    onTestFinished(() => void vi.unstubAllEnvs());
    const url = `sqlite:${join(folder, "a.db")}`;
    const store = await opened(url);
    await fillStore(store);
    await store.close();
    expect((await readdir(folder)).filter((name) => name.endsWith(".files"))).toEqual([]);
    const backup = await run(["backup", join(folder, "backup"), "--store", url, "--json"]);
    expect(JSON.parse(backup.stdout)).toMatchObject({ files: 3, missingFiles: [] });
  });
});

describe("doctor", () => {
  const doctor = async (place: string): Promise<unknown> => {
    const url = `sqlite:${join(await aFolder(), "a.db")}`;
    const { stdout } = await run(["doctor", "--json", "--store", url, "--artifacts", place]);
    const list = JSON.parse(stdout) as readonly { readonly name: string }[];
    return list.find(({ name }) => name === "Artifacts");
  };

  test("tries the bucket, and leaves nothing in it", async () => {
    const place = server.place();
    const tried =
      /^s3:\/\/artifacts\/team\/\d+ at http.*: objects can be listed, written, read and deleted \(\d+ ms\)\. /;
    expect(await doctor(place)).toMatchObject({
      status: "note",
      detail: expect.stringMatching(new RegExp(`${tried.source}It is no store's yet`)),
    });
    await filled(`sqlite:${join(await aFolder(), "a.db")}`, place);
    expect(await doctor(place)).toMatchObject({
      status: "ok",
      detail: expect.stringMatching(
        new RegExp(`${tried.source}It has the files of the store [\\w-]+\\.$`),
      ),
    });
  });

  test.each([
    ["s3://nowhere/a", "NoSuchBucket", /^Objects cannot be listed\. There is no bucket nowhere /],
    ["s3://artifacts/a", "AccessDenied", /refuses these credentials \(AccessDenied\)/],
    ["s3://artifacts/a", "SignatureDoesNotMatch", /refuses these credentials \(Signature/],
    ["s3://artifacts/a", "PermanentRedirect", /is in another region .*name it in the option/],
    ["s3://artifacts/a", "RequestTimeTooSkewed", /refuses the time of this machine: set its clock/],
    ["s3://artifacts/a", "SlowDown", /cannot be reached: /],
  ])("says what is wrong with %s: %s", async (place, code, said) => {
    server.intercept((_request, response) => {
      const status = code === "NoSuchBucket" ? 404 : 403;
      response.writeHead(status).end(`<Error><Code>${code}</Code><Message>no</Message></Error>`);
      return true;
    });
    onTestFinished(() => server.intercept(undefined));
    expect(await doctor(`${place}?endpoint=${server.endpoint}`)).toMatchObject({
      status: "problem",
      detail: expect.stringMatching(said),
    });
  });

  test("says which right is missing", async () => {
    server.intercept(({ method }, response) => {
      if (method !== "DELETE") return false;
      response.writeHead(403).end("<Error><Code>AccessDenied</Code></Error>");
      return true;
    });
    onTestFinished(() => server.intercept(undefined));
    expect(await doctor(server.place())).toMatchObject({
      status: "problem",
      detail: expect.stringMatching(/^Objects cannot be deleted\. .*AccessDenied/),
    });
  });

  test("says that nobody answers, and what is no place", async () => {
    expect(await doctor("s3://artifacts/a?endpoint=http://127.0.0.1:9")).toMatchObject({
      status: "problem",
      detail: expect.stringMatching(/cannot be reached: /),
    });
    expect(await doctor("s3://artifacts/a?endpoint=ftp://x")).toMatchObject({
      status: "problem",
      detail: expect.stringMatching(/endpoint is no URL of http/),
    });
  });
});
