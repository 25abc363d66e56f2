import { execFileSync } from "node:child_process";
import {
  chmod,
  copyFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { createRivulet, openStore } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { aFolder } from "./folder.ts";

interface Fixture {
  readonly path: string;
  /** The file of the prompt's only version. */
  readonly version: string;
}

async function aProject(): Promise<Fixture> {
  const path = join(await aFolder(), "project");
  const rivulet = createRivulet({ store: `json:${path}` });
  await rivulet.prompts.register({
    name: "greeting",
    template: "Hello {{name}}",
    aliases: ["live"],
  });
  await rivulet.close();
  const folder = join(path, "prompts", "greeting");
  const version = (await readdir(folder)).find((name) => name.startsWith("v1-"));
  return { path, version: join(folder, String(version)) };
}

test.each([
  [
    "a conflict marker",
    (text: string) => `<<<<<<< HEAD\n${text}`,
    "conflict",
    1,
    /keep what should stay/,
  ],
  [
    "a trailing comma",
    (text: string) => text.replace(/\n\}\n$/, ",\n}\n"),
    "store_corrupt",
    12,
    /not valid JSON/,
  ],
  [
    "a wrong type",
    (text: string) => text.replace('"version": 1', '"version": "1"'),
    "store_corrupt",
    2,
    /"version" is no integer/,
  ],
  [
    "a field nobody knows",
    (text: string) => text.replace("{\n", '{\n  "colour": 1,\n'),
    "store_corrupt",
    2,
    /"colour" is not known/,
  ],
  [
    "a field that is there twice",
    (text: string) => text.replace("{\n", '{\n  "version": 2,\n'),
    "store_corrupt",
    3,
    /"version" is there twice.*keep one of the two/,
  ],
  ["CRLF", (text: string) => text.replaceAll("\n", "\r\n"), "store_corrupt", 1, /CRLF.*LF/],
  [
    "a byte order mark",
    (text: string) => `\uFEFF${text}`,
    "store_corrupt",
    1,
    /byte order mark.*without BOM/,
  ],
  ["nothing in it", () => "", "store_corrupt", 1, /it is empty\. .*restore it from Git/],
  ["a list", () => "[]\n", "store_corrupt", 1, /it is no object/],
  [
    "a field missing",
    (text: string) => text.replace(/ {2}"created_us": \d+,?\n/, ""),
    "store_corrupt",
    1,
    /"created_us" is missing/,
  ],
  [
    "bytes that are no UTF-8",
    (text: string) => Buffer.from(text.replace("Hello", "H\u00e9llo"), "latin1"),
    "store_corrupt",
    1,
    /not valid UTF-8/,
  ],
  [
    "an edited text",
    (text: string) => text.replace("Hello", "Bye"),
    "store_corrupt",
    4,
    /template or config was edited/,
  ],
] as const)(
  "a file with %s is refused with file, line and what to do, and left as it is",
  async (...[, edit, code, line, message]) => {
    const { path, version } = await aProject();
    const broken = edit(await readFile(version, "utf8"));
    await writeFile(version, broken);
    await expect(openStore(`json:${path}`)).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      details: { path: version, line },
    });
    expect((await readFile(version)).equals(Buffer.from(broken))).toBe(true);
  },
);

test("a version that is there twice is a conflict that names both files and what to edit", async () => {
  const { path, version } = await aProject();
  const twin = version.replace(/v1-\w+/, "v1-zzz");
  await writeFile(twin, await readFile(version, "utf8"));
  await expect(openStore(`json:${path}`)).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringMatching(
      /version 1 of prompt "greeting" is also in .*: run rivulet renumber '.*v1-zzz\.json'/,
    ),
    details: { path: twin, line: 2 },
  });
});

test.each([
  ["rivulet.json", /rivulet\.json is missing/],
  [
    "prompts/greeting/prompt.json",
    /prompts\/greeting\/prompt\.json, which this file belongs to, is missing/,
  ],
  [
    "datasets/questions/records.jsonl",
    /dataset\.json, line 1: datasets\/questions\/records\.jsonl, which belongs to it, is missing/,
  ],
])("a project without %s is refused", async (name, message) => {
  const { path } = await aProject();
  const rivulet = createRivulet({ store: `json:${path}` });
  await rivulet.datasets.create({ name: "questions" });
  await rivulet.close();
  await rm(join(path, name));
  await expect(openStore(`json:${path}`)).rejects.toMatchObject({
    code: "store_corrupt",
    message: expect.stringMatching(message),
  });
});

test("an alias whose version is missing is refused by name", async () => {
  const { path, version } = await aProject();
  await rm(version);
  await expect(openStore(`json:${path}`)).rejects.toMatchObject({
    message: expect.stringMatching(
      /alias-live\.json, line 5: the alias "live" points to version 1/,
    ),
  });
});

describe("other files of a project", () => {
  const refused = async (path: string, file: string, message: RegExp): Promise<void> => {
    await expect(openStore(`json:${path}`)).rejects.toMatchObject({
      code: "store_corrupt",
      message: expect.stringMatching(message),
      details: { path: join(path, file) },
    });
  };

  async function aFullProject(): Promise<string> {
    const { path } = await aProject();
    const rivulet = createRivulet({ store: `json:${path}` });
    await rivulet.datasets.create({ name: "questions" });
    await rivulet.datasets.addRecords("questions", [{ inputs: { q: 1 } }, { inputs: { q: 2 } }]);
    await rivulet.prompts.update("greeting", { tags: { team: "red" } });
    await rivulet.runs.with({ name: "first" }, (run) => run.logParams({ lr: "0.1" }));
    await rivulet.close();
    return path;
  }

  async function edit(path: string, file: string, change: (text: string) => string): Promise<void> {
    const before = await readFile(join(path, file), "utf8");
    const after = change(before);
    expect(after).not.toBe(before);
    await writeFile(join(path, file), after);
  }

  test("a line of a dataset that is no JSON is named by its number", async () => {
    const path = await aFullProject();
    const file = "datasets/questions/records.jsonl";
    await edit(path, file, (text) => text.replace(/\}\n$/, ",}\n"));
    await refused(path, file, /records\.jsonl, line 2: it is not valid JSON/);
  });

  test("inputs of a record that were edited are refused with the id that fits them", async () => {
    const path = await aFullProject();
    const file = "datasets/questions/records.jsonl";
    await edit(path, file, (text) => text.replace('{"q":2}', '{"q":3}'));
    // The first half of the SHA-256 of {"q":3}.
    await refused(
      path,
      file,
      /line 2: "id" is not that of these "inputs"\. .* write "id":"b1653f40db617d47495ea8fc0a27ec58"/,
    );
  });

  test("a record that was added by hand is told the id that fits its inputs, and taken with it", async () => {
    const path = await aFullProject();
    const file = "datasets/questions/records.jsonl";
    const record = { inputs: { q: 3 }, metadata: {}, created_us: 1, since_version: 2 };
    await edit(path, file, (text) => `${text}${JSON.stringify(record)}\n`);
    await refused(
      path,
      file,
      /line 3: "id" is missing\. .* write "id":"b1653f40db617d47495ea8fc0a27ec58"/,
    );
    await edit(path, file, (text) =>
      text.replace(
        '{"inputs":{"q":3}',
        '{"id":"b1653f40db617d47495ea8fc0a27ec58","inputs":{"q":3}',
      ),
    );
    const store = await openStore(`json:${path}`);
    const { items } = await store.datasets.listRecords({ name: "questions", limit: 10 });
    await store.close();
    expect(items.map(({ inputs }) => inputs)).toEqual([{ q: 3 }, { q: 1 }, { q: 2 }]);
  });

  test.each([
    ["a version in quotes", '"version": 1', '"version": "1"'],
    ["a weight below 0", '"weight": 1', '"weight": -1'],
    ["a weight left out", '"version": 1,\n      "weight": 1', '"version": 1'],
    [
      "one version twice",
      '"weight": 1\n    }',
      '"weight": 1\n    },\n    { "version": 1, "weight": 2 }',
    ],
  ])("an alias with %s is refused", async (_, before, after) => {
    const path = await aFullProject();
    const file = "prompts/greeting/alias-live.json";
    await edit(path, file, (text) => text.replace(before, after));
    await refused(
      path,
      file,
      /line 3: "arms" is no list of versions with weights above 0, each version once\./,
    );
  });

  test("a status that no run has is refused", async () => {
    const path = await aFullProject();
    const [run] = await readdir(join(path, "runs"));
    await edit(path, `runs/${run}`, (text) => text.replace('"finished"', '"done"'));
    await refused(
      path,
      `runs/${run}`,
      /line 5: "status" is none of running, scheduled, finished, failed, killed\./,
    );
  });

  test("a tag that is no text is refused", async () => {
    const path = await aFullProject();
    const file = "prompts/greeting/tag-team.json";
    await edit(path, file, (text) => text.replace('"red"', "7"));
    await refused(path, file, /tag-team\.json, line 3: "value" is no text/);
  });

  test("a copy of a tag whose name was not changed in it is refused with the name that fits", async () => {
    const path = await aFullProject();
    const folder = join(path, "prompts", "greeting");
    await copyFile(join(folder, "tag-team.json"), join(folder, "tag-other.json"));
    await refused(
      path,
      "prompts/greeting/tag-other.json",
      /line 2: "key" is "team", which belongs to prompts\/greeting\/tag-team\.json.*rename/,
    );
  });

  test("a copy of a prompt's folder is refused with the name that fits", async () => {
    const path = await aFullProject();
    const folder = join(path, "prompts");
    await cp(join(folder, "greeting"), join(folder, "welcome"), { recursive: true });
    await refused(
      path,
      "prompts/welcome/prompt.json",
      /"name" is "greeting", which belongs to prompts\/greeting, not to prompts\/welcome/,
    );
  });

  test("a param that is no text is named with its line", async () => {
    const path = await aFullProject();
    const [run = ""] = await readdir(join(path, "runs"));
    await edit(path, `runs/${run}`, (text) => text.replace('"lr": "0.1"', '"lr": 0.1'));
    await refused(path, `runs/${run}`, /"lr" of "params" is no text/);
  });

  test("a folder that is called as a file is refused", async () => {
    const path = await aFullProject();
    const file = "prompts/greeting/prompt.json";
    await rm(join(path, file));
    await mkdir(join(path, file));
    await refused(path, file, /is a folder, but the project needs a file of this name/);
  });

  test("a file where a folder of the project would be is refused, and not taken for an empty one", async () => {
    const path = await aFullProject();
    await rm(join(path, "prompts"), { recursive: true });
    await writeFile(join(path, "prompts"), "in the way");
    await refused(path, "prompts", /is not a folder, but the project needs a folder of this name/);
  });

  test("a pipe is refused, and not waited for", async (context) => {
    if (process.platform === "win32") context.skip("Windows has no pipes in folders");
    const path = await aFullProject();
    const file = "prompts/greeting/prompt.json";
    await rm(join(path, file));
    execFileSync("mkfifo", [join(path, file)]);
    await refused(path, file, /is not a regular file, but the project needs a file of this name/);
  });

  test.each([
    ["another place", { name: "../stolen.json", before: null, after: "{}" }],
    ["another place inside", { name: "prompts/../../stolen.json", before: null, after: "{}" }],
    ["a file that is none of ours", { name: "package.json", before: null, after: "{}" }],
    ["a step that is none", null],
    ["a text that is none", { name: "rivulet.json", before: 7, after: "{}" }],
  ])("a journal of %s is refused, and nothing is written", async (_, step) => {
    const path = await aFullProject();
    const journal = join(path, "local", "journal.json");
    await writeFile(journal, JSON.stringify({ steps: [step] }));
    await expect(openStore(`json:${path}`)).rejects.toMatchObject({
      code: "store_corrupt",
      message: expect.stringMatching(
        /journal\.json cannot be read.*remove the file to discard that change/,
      ),
    });
    expect(await readdir(join(path, ".."))).toEqual(["project"]);
    expect(await readdir(path)).not.toContain("package.json");
  });

  test("a link that leads nowhere is refused", async () => {
    const path = await aFullProject();
    const file = "prompts/greeting/prompt.json";
    await rm(join(path, file));
    await symlink("nowhere.json", join(path, file));
    await refused(path, file, /it is empty/);
  });

  test("a newer format is refused", async () => {
    const path = await aFullProject();
    await edit(path, "rivulet.json", (text) => text.replace('"format": 1', '"format": 2'));
    await expect(openStore(`json:${path}`)).rejects.toMatchObject({ code: "store_too_new" });
  });

  test("files of somebody else are left as they are, and are in nobody's way", async () => {
    const path = await aFullProject();
    const theirs = [
      "README.md",
      "notes.json",
      "prompts/README.md",
      "prompts/greeting/notes.txt",
      "prompts/greeting/notes.json",
      "prompts/greeting/draft/v1-draft.json",
    ];
    await mkdir(join(path, "prompts", "greeting", "draft"));
    for (const file of theirs) await writeFile(join(path, file), "theirs");
    const rivulet = createRivulet({ store: `json:${path}` });
    await rivulet.prompts.register({ name: "greeting", template: "Hi" });
    await rivulet.prompts.delete("greeting");
    await rivulet.close();
    for (const file of theirs) expect(await readFile(join(path, file), "utf8")).toBe("theirs");
    expect((await readdir(join(path, "prompts", "greeting"))).toSorted()).toEqual([
      "draft",
      "notes.json",
      "notes.txt",
    ]);
  });

  test("a file that cannot be read is told as that", async (context) => {
    if (process.getuid?.() === 0) context.skip("root reads every file");
    const path = await aFullProject();
    const file = join(path, "prompts/greeting/prompt.json");
    await chmod(file, 0o000);
    await expect(openStore(`json:${path}`)).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining(`Cannot read ${file}`),
    });
  });
});
