import { globSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { run } from "../cli/rivulet.ts";

const ROOT = join(import.meta.dirname, "../..");
/** What the packages of the table are built from; nobody installs them by name. */
const INNER = ["packages/dashboard", "packages/domain", "packages/store"];

function readText(path: string): Promise<string> {
  return readFile(join(ROOT, path), "utf8");
}

/** What the only group of `name` has matched, each time. */
function namesOf(text: string, name: RegExp): readonly string[] {
  return [...text.matchAll(name)].map((match) => match[1] ?? "");
}

test("the README's table has every package that is installed by name", async () => {
  const named = namesOf(await readText("README.md"), /^\| \[`[^`]+`\]\(([^)]+)\) /gm);
  const published = globSync("packages/*", { cwd: ROOT }).filter((path) => !INNER.includes(path));
  expect(named.toSorted()).toEqual(published.toSorted());
});

test("the command line's README has every command of its help", async () => {
  const { stdout } = await run(["--help"]);
  const [, commands = ""] = /^Commands:\n([\s\S]*?)^\n/m.exec(`${stdout}\n`) ?? [];
  const offered = namesOf(commands, /^ {2}(\w+) /gm).filter((name) => name !== "help");
  const named = namesOf(await readText("packages/cli/README.md"), /^\| `rivulet (\w+)` /gm);
  expect(named.toSorted()).toEqual(offered.toSorted());
});

test("the command line's README has every group of records", async () => {
  const { stdout } = await run(["--help"]);
  const [, records = ""] = /^Records[^\n]*\n([\s\S]*?)^\n/m.exec(stdout) ?? [];
  const readme = await readText("packages/cli/README.md");
  const [, groups = ""] = /The groups are\n([\s\S]*?);/.exec(readme) ?? [];
  expect(namesOf(groups, /`([\w-]+)`/g).toSorted()).toEqual(
    namesOf(records, /^ {2}([\w-]+) /gm).toSorted(),
  );
});
