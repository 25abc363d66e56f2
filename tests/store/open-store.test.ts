import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { openStore } from "@rivulet/core";
import { registerDriver } from "@rivulet/store";
import { expect, it, onTestFinished, vi } from "vitest";
import { linesOf, startAppChild } from "./child.ts";
import { aFolder } from "./folder.ts";

it.each([
  ["./team.db", "For a file, write sqlite:./team.db."],
  ["/data/team.db", "For a file, write sqlite:/data/team.db."],
  ["C:\\team.db", "For a file, write sqlite:C:\\team.db."],
  ["sqlite::memory:", "The in-memory store is memory:."],
  [
    "mysql:team",
    "Supported stores: sqlite:PATH, json:PATH, memory:, and postgres://… with @rivulet/postgres.",
  ],
  [
    "sqlite:",
    "Supported stores: sqlite:PATH, json:PATH, memory:, and postgres://… with @rivulet/postgres.",
  ],
  [
    "memory:team",
    "Supported stores: sqlite:PATH, json:PATH, memory:, and postgres://… with @rivulet/postgres.",
  ],
])("says of %s what to write instead", async (url, hint) => {
  await expect(openStore(url)).rejects.toMatchObject({
    code: "invalid_argument",
    message: `There is no store at "${url}". ${hint}`,
  });
});

// In a process of its own: the test runner finds the workspace's packages wherever they are imported.
const UNINSTALLED = [
  ["postgres://me:secret@db/team", "postgres://***@db/team"],
  ["postgresql://me:se?cr@et/#x@db/team?ssl=1", "postgresql://***@db/team?ssl=1"],
  [
    "postgres://db/team?user=me&password=secret&ssl=1",
    "postgres://db/team?user=me&password=***&ssl=1",
  ],
  ["postgres://db/team?sslPassword=secret", "postgres://db/team?sslPassword=***"],
  ["postgres:host=db password=secret dbname=team", "postgres:host=db password=*** dbname=team"],
] as const;

it("repeats no password of a URL whose driver is not installed, and says what to install", async () => {
  const urls = UNINSTALLED.map(([url]) => url);
  const child = startAppChild("open-in-folder", await aFolder(), ...urls);
  expect(await linesOf(child)).toEqual(
    UNINSTALLED.map(
      ([, shown]) =>
        `invalid_argument: There is no store at "${shown}". Its driver is not installed: npm install @rivulet/postgres`,
    ),
  );
});

it("opens a URL with the driver that is registered for its scheme", async () => {
  const store = await openStore("memory:");
  onTestFinished(() => store.close());
  const open = vi.fn(async () => store);
  registerDriver({ schemes: ["test+one", "test+two"], open, restore: async () => undefined });
  const options = { durability: "span" } as const;
  expect(await openStore("test+two://somewhere", options)).toBe(store);
  expect(open).toHaveBeenCalledExactlyOnceWith("test+two://somewhere", options);
});

it("knows a driver that another copy of the package has registered", async () => {
  const store = await openStore("memory:");
  onTestFinished(() => store.close());
  vi.resetModules();
  const copy = await import("@rivulet/store");
  expect(copy.openStore).not.toBe(openStore);
  copy.registerDriver({
    schemes: ["test+copy"],
    open: async () => store,
    restore: async () => undefined,
  });
  expect(await openStore("test+copy:")).toBe(store);
});

it("imports the driver's package that the app has installed", async () => {
  const folder = await aFolder();
  const library = join(folder, "node_modules", "@rivulet", "postgres");
  await mkdir(library, { recursive: true });
  const manifest = { name: "@rivulet/postgres", type: "module", exports: "./index.js" };
  await writeFile(join(library, "package.json"), JSON.stringify(manifest));
  await writeFile(
    join(library, "index.js"),
    `globalThis[Symbol.for("@rivulet/store/drivers")].set("postgres", {
       schemes: ["postgres"],
       open: async (url) => ({ info: { url: "opened " + url }, close: async () => {} }),
     });`,
  );
  const child = startAppChild("open-in-folder", folder, "postgres://db/team");
  expect(await linesOf(child)).toEqual(["opened postgres://db/team"]);
});

it("says what is missing when the driver's package is there, and a library of its own is not", async () => {
  const folder = await aFolder();
  const library = join(folder, "node_modules", "@rivulet", "postgres");
  await mkdir(library, { recursive: true });
  const manifest = { name: "@rivulet/postgres", type: "module", exports: "./index.js" };
  await writeFile(join(library, "package.json"), JSON.stringify(manifest));
  await writeFile(join(library, "index.js"), `import "not-installed";`);
  const [line] = await linesOf(startAppChild("open-in-folder", folder, "postgres://db/team"));
  expect(line).toMatch(/Cannot find package 'not-installed' imported from .*@rivulet.postgres/);
});

const NAMES =
  "onError, durability, journalBytes, attachmentBytes, artifacts, readOnly, spool, fileMode, onJournal.";

it.each([
  ["durability", "Span", 'Option durability of a store is "tick" or "span", not "Span".'],
  ["journalBytes", "1GB", 'Option journalBytes of a store is a number of bytes, not "1GB".'],
  ["journalBytes", Number.NaN, "Option journalBytes of a store is a number of bytes, not NaN."],
  ["readOnly", "no", 'Option readOnly of a store is true or false, not "no".'],
  ["spool", "", 'Option spool of a store is the path of a folder, not "".'],
  [
    "fileMode",
    600,
    "Option fileMode of a store is permissions between 0o600 and 0o666, such as 0o660, not 600.",
  ],
  [
    "fileMode",
    null,
    "Option fileMode of a store is permissions between 0o600 and 0o666, such as 0o660, not null.",
  ],
  ["onError", "log", 'Option onError of a store is a function, not "log".'],
  ["onJournal", {}, "Option onJournal of a store is a function, not an object."],
  ["readonly", true, "There is no option readonly of a store. Did you mean readOnly?"],
  ["spoolFolder", "x", `There is no option spoolFolder of a store. There are ${NAMES}`],
  ["toString", "x", `There is no option toString of a store. There are ${NAMES}`],
])("refuses the option %s: %j", async (option, value, message) => {
  await expect(openStore("memory:", { [option]: value })).rejects.toMatchObject({
    code: "invalid_argument",
    message,
    details: { option },
  });
});
