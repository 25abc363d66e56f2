import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { inspect } from "node:util";
import { openStore } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { openPostgres } from "@rivulet/postgres";
import { expect, onTestFinished, test } from "vitest";
import { linesOf, startChild } from "../store/child.ts";
import { aFolder } from "../store/folder.ts";
import { ask } from "./ask.ts";
import { serverUrl } from "./server-url.ts";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

test.each([
  ["postgres://me:secret@a,b/team", "is invalid"],
  ["postgres://me:sec/ret@db/team", "is invalid"],
  ["postgres://me:secret@db:99999/team", "is invalid"],
  ["postgres://me:secret@db/team?sslmod=require", 'unknown parameter "sslmod"'],
  ["postgres://me:secret@db/team?sslmode=secure", 'no sslmode "secure"'],
  ["postgres://me:secret@db/team?sslmode=verify-ca", "needs sslrootcert"],
  ["postgres://me:secret@db/team?schema=Team", '"schema" cannot be "Team"'],
  ["postgres://me:secret@db/team?schema=pg_catalog", '"schema" cannot be "pg_catalog"'],
  ["postgres://me:secret@db/team?max=1", '"max" cannot be "1": expected at least 2'],
  [
    "postgres://me:secret@db/team?connectionTimeoutMs=soon",
    '"connectionTimeoutMs" cannot be "NaN"',
  ],
  ["postgres://me:secret@db/team?partitions=year", '"partitions" cannot be "year"'],
])("%s is refused with a reason that holds no password", async (url, reason) => {
  const error: unknown = await openStore(url).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    code: "invalid_argument",
    message: expect.stringContaining(reason),
  });
  expect(inspect(error)).not.toMatch(/secret|sec\/ret/);
});

test("what a database has set otherwise changes nothing that is written and read", async () => {
  const name = `odd_${randomBytes(6).toString("hex")}`;
  await ask(await serverUrl(), `CREATE DATABASE ${name}`);
  const settings = {
    array_nulls: "off",
    bytea_output: "escape",
    datestyle: "'SQL, DMY'",
    default_transaction_isolation: "serializable",
    extra_float_digits: "0",
    search_path: "pg_catalog",
    standard_conforming_strings: "off",
    timezone: "'Asia/Kathmandu'",
  };
  for (const [setting, value] of Object.entries(settings)) {
    await ask(await serverUrl(), `ALTER DATABASE ${name} SET ${setting} = ${value}`);
  }
  const url = Object.assign(new URL(await aStoreUrl()), { pathname: `/${name}` });
  const { store, errors } = await openedPostgres(url.href);
  const run = aRun({ tags: { path: "C:\\new\\'" } });
  await store.runs.create(run);
  const point = { key: "loss", value: 0.1 + 0.2, step: 0, timestamp: run.startTime };
  store.journal.appendMetrics({ runId: run.id, points: [point] });
  store.journal.appendSpan(aSpan());
  await store.journal.flush();
  const content = new Uint8Array([0, 92, 255]);
  await store.files.write({ id: hexId(1, 64), content });
  expect(await store.runs.get(run.id)).toEqual({ ...run, metrics: { loss: 0.1 + 0.2 } });
  expect((await store.traces.get(aSpan().traceId))?.spanCount).toBe(1);
  expect(await store.files.read(hexId(1, 64))).toEqual(content);
  expect(errors).toEqual([]);
});

test.each([
  ["a wrong password", { password: "wr0ng:pass/word" }, "permission_denied"],
  ["an unknown user", { username: "nobody-here" }, "permission_denied"],
  ["an unknown database", { pathname: "/nowhere" }, "store_unavailable"],
  ["a port where nobody is", { port: "1" }, "store_unavailable"],
  ["a host that is not there", { hostname: "no-such-host.invalid" }, "store_unavailable"],
] as const)("%s is told without a password", async (_, change, code) => {
  const url = Object.assign(new URL(await aStoreUrl({ connectionTimeoutMs: "200" })), change);
  const error: unknown = await openStore(url.href, { spool: await aFolder() }).catch(
    (thrown: unknown) => thrown,
  );
  expect(error).toMatchObject({
    code,
    message: expect.stringContaining(`${url.hostname}:${url.port}${url.pathname}`),
  });
  const said = `${inspect(error)} ${JSON.stringify(error)}`;
  for (const secret of [url.password, decodeURIComponent(url.password)]) {
    expect(said).not.toContain(secret);
  }
});

test("says where it is without user and password", async () => {
  const url = new URL(await aStoreUrl());
  const { store } = await openedPostgres(url.href);
  expect(store.info).toEqual({
    driver: "postgres",
    url: `postgres://${url.host}${url.pathname}${url.search}`,
  });
});

test.each<[options: object, message: string]>([
  [{ postgress: {} }, "There is no option postgress of a store. Did you mean postgres?"],
  [{ journalBytes: "1GB" }, 'Option journalBytes of a store is a number of bytes, not "1GB".'],
  [{ postgres: { shema: "x" } }, "There is no option shema of postgres. Did you mean schema?"],
  [
    { postgres: { ssl: { rejectUnauthorised: false } } },
    "There is no option rejectUnauthorised of ssl. Did you mean rejectUnauthorized?",
  ],
  [{ postgres: { ssl: "on" } }, 'Option ssl of postgres is true, false, or an object, not "on".'],
])("the options %j are refused", async (options, message) => {
  await expect(async () => openPostgres("postgres://nowhere.invalid", options)).rejects.toThrow(
    expect.objectContaining({ code: "invalid_argument", message }),
  );
});

test("options win over the URL", async () => {
  const url = await aStoreUrl({ application_name: "of the URL", max: "3" });
  const store = await openPostgres(url, {
    spool: await aFolder(),
    postgres: { applicationName: "of the options", max: 2 },
  });
  await Promise.all([1, 2, 3, 4].map((n) => store.runs.create(aRun({ id: hexId(n) }))));
  const count = "SELECT count(*)::int AS count FROM pg_stat_activity WHERE application_name = $1";
  expect(await ask(await serverUrl(), count, ["of the options"])).toEqual([{ count: 2 }]);
  expect(await ask(await serverUrl(), count, ["of the URL"])).toEqual([{ count: 0 }]);
  await store.close();
  // The server learns of it when it reads that the connections were ended.
  const server = await serverUrl();
  await expect.poll(() => ask(server, count, ["of the options"])).toEqual([{ count: 0 }]);
});

test("the schema of the options wins over that of the URL", async () => {
  const [url, other] = [await aStoreUrl(), new URL(await aStoreUrl())];
  const schema = other.searchParams.get("schema") ?? "";
  const store = await openPostgres(url, { spool: await aFolder(), postgres: { schema } });
  onTestFinished(() => store.close());
  expect(store.info.url).toBe(`postgres://${other.host}${other.pathname}?schema=${schema}`);
  expect(await ask(url, `SELECT version::int FROM ${schema}.rivulet_schema`)).toEqual([
    { version: 1 },
    { version: 2 },
    { version: 3 },
    { version: 4 },
  ]);
});

test("several processes that start at once make one store", async () => {
  const url = await aStoreUrl();
  const children = [1, 2, 3, 4, 5].map((index) => startChild("open", url, hexId(index)));
  const said = await Promise.all(children.map(linesOf));
  expect(said).toEqual([["ok"], ["ok"], ["ok"], ["ok"], ["ok"]]);
  const schema = new URL(url).searchParams.get("schema");
  expect(await ask(url, `SELECT version::int FROM ${schema}.rivulet_schema`)).toEqual([
    { version: 1 },
    { version: 2 },
    { version: 3 },
    { version: 4 },
  ]);
  const { store } = await openedPostgres(url);
  const query = { where: [], order: [], limit: 10, experimentIds: [] };
  const { items } = await store.runs.search({ ...query, lifecycle: "active" });
  expect(items.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4, 5].map((index) => hexId(index)));
});

test("a schema that holds tables of another program is left as it is", async () => {
  const url = await aStoreUrl();
  const schema = new URL(url).searchParams.get("schema");
  await ask(url, `CREATE SCHEMA ${schema}`);
  await ask(url, `CREATE TABLE ${schema}.orders (id INTEGER PRIMARY KEY)`);
  await expect(openStore(url, { spool: await aFolder() })).rejects.toMatchObject({
    code: "store_corrupt",
    message: expect.stringContaining("tables of another program"),
  });
  const tables = "SELECT table_name FROM information_schema.tables WHERE table_schema = $1";
  expect(await ask(url, tables, [schema ?? ""])).toEqual([{ table_name: "orders" }]);
});

test("a store of a newer release is left as it is", async () => {
  const url = await aStoreUrl();
  await (await openedPostgres(url)).store.close();
  const schema = new URL(url).searchParams.get("schema");
  await ask(url, `INSERT INTO ${schema}.rivulet_schema VALUES (99, 0, '')`);
  await expect(openStore(url, { spool: await aFolder() })).rejects.toMatchObject({
    code: "store_too_new",
  });
});

test("a reader makes nothing, and says that nothing is there", async () => {
  const url = await aStoreUrl();
  await expect(openStore(url, { readOnly: true })).rejects.toMatchObject({
    code: "store_unavailable",
  });
  const schema = new URL(url).searchParams.get("schema");
  const schemas = "SELECT 1 FROM information_schema.schemata WHERE schema_name = $1";
  expect(await ask(url, schemas, [schema ?? ""])).toEqual([]);
});

test("a database whose encoding is not UTF8 is refused", async () => {
  const url = new URL(await aStoreUrl());
  const name = new URL(url).searchParams.get("schema") ?? "";
  await ask(await serverUrl(), `CREATE DATABASE ${name} ENCODING 'SQL_ASCII' TEMPLATE template0`);
  url.pathname = `/${name}`;
  await expect(openStore(url.href, { spool: await aFolder() })).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("SQL_ASCII"),
  });
});

test("a user who may not make a schema is told so", async () => {
  const url = new URL(await aStoreUrl());
  const user = url.searchParams.get("schema") ?? "";
  await ask(await serverUrl(), `CREATE ROLE ${user} LOGIN PASSWORD 'open'`);
  Object.assign(url, { username: user, password: "open" });
  await expect(openStore(url.href, { spool: await aFolder() })).rejects.toMatchObject({
    code: "permission_denied",
    message: expect.stringContaining("permission denied for database"),
  });
});

test("the spool lies under .rivulet in the current folder, with a name that tells the database", async () => {
  const folder = await aFolder();
  const url = await aStoreUrl();
  const program = join(import.meta.dirname, "../store/children/record.ts");
  const args = ["--conditions=@rivulet/source", program, url];
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  child.kill("SIGKILL");
  await once(child, "close");
  expect(await readdir(join(folder, ".rivulet"))).toEqual([
    expect.stringMatching(/^postgres-postgres-[0-9a-f]{8}\.spool$/),
  ]);
});
