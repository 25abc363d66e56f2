import { existsSync } from "node:fs";
import { link, mkdir, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { migrateStore, openStore, type Store } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { migrate } from "@rivulet/store/sql";
import { openSqlite } from "@rivulet/store/sqlite";
import { describe, expect, test } from "vitest";
import { aStoreUrl } from "../postgres/store-url.ts";
import { SCHEMA_1 } from "../store/schema-1.ts";
import { startChild } from "./child.ts";
import { aFolder, opened } from "./folder.ts";
import { fillStore, readStore } from "./full-store.ts";

type NewUrl = (folder: string) => string | Promise<string>;

const STORES = {
  sqlite: (folder) => `sqlite:${join(folder, "a.db")}`,
  json: (folder) => `json:${join(folder, "a.json")}`,
  postgres: () => aStoreUrl(),
} satisfies Readonly<Record<string, NewUrl>>;
type Kind = keyof typeof STORES;

/** Each kind of both sides, each way between the databases. */
const PAIRS: readonly (readonly [Kind, Kind])[] = [
  ["sqlite", "postgres"],
  ["postgres", "sqlite"],
  ["sqlite", "json"],
  ["json", "sqlite"],
  ["sqlite", "sqlite"],
];

async function filled(url: string): Promise<Readonly<Record<string, unknown>>> {
  const store = await openStore(url, { spool: join(await aFolder(), "spool") });
  await fillStore(store);
  const content = await readStore(store);
  await store.close();
  return content;
}

describe("a migration", () => {
  test.each(PAIRS)("brings everything of a %s store into a %s store", async (kind, targetKind) => {
    const [from, to] = [
      await STORES[kind](await aFolder()),
      await STORES[targetKind](join(await aFolder(), "new")),
    ];
    const content = await filled(from);
    const steps: string[] = [];
    const report = await migrateStore({ from, to, onProgress: ({ step }) => steps.push(step) });
    expect(report).toMatchObject({ files: 3, missingFiles: [], damagedFiles: [], resumed: false });
    expect(report.tables["spans"]?.rows).toBeGreaterThan(0);
    expect(report.tables["spans"]?.digest).toMatch(/^[\da-f]{64}$/);
    expect(new Set(steps)).toEqual(new Set(["rows", "verify", "files"]));
    const store = await opened(to);
    expect(await readStore(store)).toEqual(content);
    expect(await store.checkIntegrity()).toEqual({ ok: true, problems: [] });
    await expect(migrateStore({ from, to })).rejects.toMatchObject({
      code: expect.stringMatching(/^(already_exists|store_locked)$/),
    });
  });

  test("takes a store in memory, too, and goes into none", async () => {
    const store = await opened("memory:");
    await fillStore(store);
    const to = `sqlite:${join(await aFolder(), "new.db")}`;
    expect(await migrateStore({ from: store, to })).toMatchObject({ files: 3, from: "memory:" });
    expect(await readStore(await opened(to))).toEqual(await readStore(store));
    await expect(migrateStore({ from: to, to: "memory:" })).rejects.toMatchObject({
      code: "unsupported",
    });
  });

  test("brings a store of an older schema up to date, and leaves it as it is", async () => {
    const folder = await aFolder();
    const path = join(folder, "old.db");
    const old = openSqlite(path);
    await migrate(old, SCHEMA_1);
    await old.run(
      "INSERT INTO experiments (id, name, lifecycle_stage, created_us, updated_us) VALUES ('7', 'old', 'active', 0, 0)",
    );
    await old.close();
    const to = `sqlite:${join(folder, "new.db")}`;
    await migrateStore({ from: `sqlite:${path}`, to });
    const store = await opened(to);
    expect(await store.experiments.get("7")).toMatchObject({ name: "old" });
    const after = openSqlite(path);
    expect(await after.all("SELECT version FROM rivulet_schema")).toEqual([{ version: 1 }]);
    await after.close();
  });

  test.each([
    ["sqlite:a.db", "sqlite:a.db.spool"],
    ["sqlite:a.db", "sqlite:a.db.migrating"],
    ["sqlite:a.db", "json:a.db.files"],
    ["sqlite:a.db", "sqlite:a.db.files/ab/new.db"],
    ["sqlite:a.db", "sqlite:a.db-wal"],
    ["json:a", "sqlite:a/new.db"],
    ["sqlite:a.db.migrating", "sqlite:a.db"],
  ])(
    "of %s into %s, which is where one keeps its files, is refused and writes nothing",
    async (from, to) => {
      const folder = await aFolder();
      const at = (url: string): string => url.replace(":", `:${folder}/`);
      const content = await filled(at(from));
      const before = await readdir(folder, { recursive: true });
      await expect(migrateStore({ from: at(from), to: at(to) })).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringMatching(
          / lies where .* keeps its own files\. Choose another place\.$/,
        ),
      });
      expect(await readdir(folder, { recursive: true })).toEqual(before);
      expect(await readStore(await opened(at(from)))).toEqual(content);
    },
  );

  test("goes beside a store under a name that only begins like its own", async () => {
    const folder = await aFolder();
    const from = `sqlite:${join(folder, "a")}`;
    const content = await filled(from);
    const to = `sqlite:${join(folder, "a.db")}`;
    expect(await migrateStore({ from, to })).toMatchObject({ files: 3 });
    expect(await readStore(await opened(to))).toEqual(content);
  });

  test.each(["sqlite", "json", "postgres"] as const)(
    "of an empty %s store into itself is refused, and leaves it as it is",
    async (kind) => {
      const url = await STORES[kind](await aFolder());
      await (await openStore(url)).close();
      await expect(migrateStore({ from: url, to: url })).rejects.toMatchObject({
        code: "invalid_argument",
        message: expect.stringContaining("it is the same store"),
      });
      expect(await (await opened(url)).experiments.get("0")).toMatchObject({ name: "Default" });
    },
  );

  test.each([
    ["a symbolic link", symlink],
    ["a hard link", link],
  ])("into itself by %s is refused", async (_what, connect) => {
    const [path, other] = [join(await aFolder(), "a.db"), join(await aFolder(), "b.db")];
    await (await openStore(`sqlite:${path}`)).close();
    await connect(path, other);
    await expect(
      migrateStore({ from: `sqlite:${path}`, to: `sqlite:${other}` }),
    ).rejects.toMatchObject({ code: "invalid_argument" });
  });

  test("of a store that an app has open is one of a moment, and says so", async () => {
    const folder = await aFolder();
    const from = `sqlite:${join(folder, "a.db")}`;
    const app = await openStore(from);
    await app.runs.create(aRun());
    const report = await migrateStore({ from, to: `sqlite:${join(folder, "b.db")}` });
    expect(report).toMatchObject({ wasOpen: true, tables: { runs: { rows: 1 } } });
    await app.close();
    const again = await migrateStore({ from, to: `sqlite:${join(folder, "c.db")}` });
    expect(again.wasOpen).toBe(false);
    expect(again.tables["runs"]).toEqual(report.tables["runs"]);
  });

  test.each(["sqlite", "postgres"] as const)("that was stopped goes on: %s", async (kind) => {
    const from = STORES.sqlite(await aFolder());
    const content = await filled(from);
    const to = await STORES[kind](await aFolder());
    // Stopped in each of these places in turn.
    const places = ["rows runs", "rows tags", "rows spans", "verify spans", "files "];
    for (;;) {
      const controller = new AbortController();
      const onProgress = ({ step, table = "" }: { step: string; table?: string }): void => {
        if (places[0] !== `${step} ${table}`) return;
        places.shift();
        controller.abort();
      };
      const { signal } = controller;
      const outcome = await migrateStore({ from, to, onProgress, signal }).catch(
        (error: { code: string }) => error,
      );
      if (!("code" in outcome)) {
        expect(outcome).toMatchObject({ resumed: true, files: 3 });
        break;
      }
      expect(outcome.code).toBe("aborted");
      if (kind === "postgres") {
        await expect(openStore(to)).rejects.toMatchObject({ code: "store_locked" });
      } else expect(existsSync(to.slice("sqlite:".length))).toBe(false);
    }
    expect(places).toEqual([]);
    expect(await readStore(await opened(to))).toEqual(content);
  });

  test("goes on after kill -9, and nothing is doubled", { timeout: 120_000 }, async () => {
    const folder = await aFolder();
    const from = `sqlite:${join(folder, "a.db")}`;
    const spans = 20_000;
    const source = await openStore(from);
    for (let n = 0; n < spans; n += 1) {
      source.journal.appendSpan(aSpan({ id: hexId(n + 1, 16), input: `input ${n} `.repeat(20) }));
    }
    await source.journal.flush();
    await source.close();
    const to = `sqlite:${join(folder, "b.db")}`;
    const half = `${join(folder, "b.db")}.migrating`;
    const child = startChild("migrate", from, to);
    const rows = async (): Promise<number> => {
      const database = openSqlite(half, { readOnly: true });
      try {
        const [row] = await database.all("SELECT COUNT(*) AS count FROM spans");
        return Number(row?.["count"]);
      } catch {
        return 0;
      } finally {
        await database.close();
      }
    };
    while (!existsSync(half) || (await rows()) === 0) await new Promise(setImmediate);
    child.process.kill("SIGKILL");
    await child.ended;
    const before = await rows();
    expect(before).toBeGreaterThan(0);
    const report = await migrateStore({ from, to });
    expect(report).toMatchObject({ resumed: true, tables: { spans: { rows: spans } } });
    expect(existsSync(half)).toBe(false);
    expect(await (await opened(to)).traces.listSpans(hexId(1))).toHaveLength(spans);
  });

  test("into json: begins anew wherever it was stopped, and is compared before it is in its place", async () => {
    const folder = await aFolder();
    const from = STORES.sqlite(folder);
    const content = await filled(from);
    const path = join(folder, "p.json");
    const to = `json:${path}`;
    const controller = new AbortController();
    const steps: string[] = [];
    const onProgress = ({ step }: { readonly step: string }): void => {
      if (step === "verify") {
        steps.push(existsSync(join(path, "rivulet.json")) ? "there" : "beside");
      }
      if (step === "files") controller.abort();
    };
    const { signal } = controller;
    await expect(migrateStore({ from, to, onProgress, signal })).rejects.toMatchObject({
      code: "aborted",
    });
    expect(existsSync(`${path}.restoring`)).toBe(false);
    expect(existsSync(path)).toBe(false);
    // What a kill leaves behind: a folder beside it, and some that are moved already, without the marker.
    await migrateStore({ from, to });
    await rm(join(path, "rivulet.json"));
    await rm(join(path, "runs"), { recursive: true });
    const moved = (await readdir(path)).filter((name) => name !== "local");
    await writeFile(`${path}.moving`, JSON.stringify([...moved, "local/state.jsonl", "runs"]));
    await mkdir(`${path}.restoring/runs`, { recursive: true });
    await migrateStore({ from, to, onProgress: (progress) => onProgress({ step: progress.step }) });
    expect(new Set(steps)).toEqual(new Set(["beside"]));
    const left = (await readdir(folder)).filter((name) => name.startsWith("p.json"));
    expect(left).toEqual(["p.json"]);
    expect(await readStore(await opened(to))).toEqual(content);
  });

  test("is refused by a store that holds something else, and by half of another", async () => {
    const folder = await aFolder();
    const [a, b, to] = ["a", "b", "c"].map((name) => `sqlite:${join(folder, `${name}.db`)}`);
    for (const url of [a, b]) await filled(url ?? "");
    const signal = AbortSignal.abort();
    const given = { from: a ?? "", to: to ?? "" };
    await expect(migrateStore({ ...given, signal })).rejects.toMatchObject({ code: "aborted" });
    await expect(migrateStore({ ...given, from: b ?? "" })).rejects.toMatchObject({
      code: "already_exists",
      message: expect.stringMatching(/holds half of a migration from sqlite:.*a\.db/),
    });
    await expect(migrateStore({ from: a ?? "", to: b ?? "" })).rejects.toMatchObject({
      code: "already_exists",
    });
  });

  test("says when the store was written to between two attempts", async () => {
    const folder = await aFolder();
    const [from, to] = ["a", "b"].map((name) => `sqlite:${join(folder, `${name}.db`)}`);
    await filled(from ?? "");
    const controller = new AbortController();
    const onProgress = ({ table }: { table?: string }): void => {
      if (table === "spans") controller.abort();
    };
    const given = { from: from ?? "", to: to ?? "" };
    const { signal } = controller;
    await expect(migrateStore({ ...given, onProgress, signal })).rejects.toThrow(/goes on/);
    await withStore(given.from, (store) => store.experiments.update({ id: "0", updatedAt: 99 }));
    await expect(migrateStore(given)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/table experiments .* differs between the two stores/),
    });
  });

  test("does not leave behind what waits in a spool", async () => {
    const folder = await aFolder();
    const path = join(folder, "a.db");
    await filled(`sqlite:${path}`);
    const left = join(`${path}.spool`, "0123456789abcdef");
    await mkdir(left, { recursive: true });
    await writeFile(join(left, "1.jsonl"), "ten bytes\n");
    const given = { from: `sqlite:${path}`, to: `sqlite:${join(folder, "b.db")}` };
    await expect(migrateStore(given)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/^10 bytes of records wait in the spool of sqlite:/),
    });
    // What was taken in of it counts no more, although the file is still there.
    await mark(path, { segment: "0123456789abcdef/1.jsonl", position: 4 });
    await expect(migrateStore(given)).rejects.toThrow(/^6 bytes of records wait in the spool/);
    await mark(path, { segment: "0123456789abcdef/1.jsonl", position: 10 });
    expect(await migrateStore(given)).toMatchObject({ wasOpen: false });
  });

  test("tells no secret of an address", async () => {
    const from = "postgres://ann:s3cret@127.0.0.1:1/none?connect_timeout=1";
    const to = `sqlite:${join(await aFolder(), "b.db")}`;
    const error: Error = await migrateStore({ from, to }).then(
      () => new Error("it was reached"),
      (thrown: Error) => thrown,
    );
    expect(error.message).toContain("127.0.0.1:1/none");
    expect(JSON.stringify([error.message, error])).not.toContain("s3cret");
  });
});

/** Notes how much of a segment was taken in. */
async function mark(
  path: string,
  { segment, position }: { readonly segment: string; readonly position: number },
): Promise<void> {
  const database = openSqlite(path);
  const put = "INSERT OR REPLACE INTO spool (segment, position) VALUES (?, ?)";
  await database.run(put, [segment, position]);
  await database.close();
}

async function withStore(url: string, work: (store: Store) => Promise<unknown>): Promise<void> {
  const store = await openStore(url);
  await work(store);
  await store.close();
}
