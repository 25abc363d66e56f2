import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import { fixedClock, hexId, sequentialIds } from "@rivulet/core/testing";
import { unzipSync } from "fflate";
import { expect, onTestFinished, test } from "vitest";
import { runLine } from "./command-line.ts";

function aRivulet(): Rivulet {
  const rivulet = createRivulet({
    store: "memory:",
    clock: fixedClock(),
    ids: sequentialIds(),
  });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

async function aFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-commands-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test.each(operations.map(({ id }) => id))(
  "the help of %s says of every argument and option what it is",
  async (id) => {
    const words = id.split(".").map((word) => word.replaceAll(/[A-Z]/g, "-$&").toLowerCase());
    const { stdout } = await runLine(aRivulet(), [...words, "--help"]);
    const described = stdout
      .split("\n")
      .filter((line) => /^ {2}\S/.test(line))
      .map((line) => line.trim().split(/ {2,}/));
    expect(described.length).toBeGreaterThan(2);
    const isNote = (text = ""): boolean => /^(?!required|repeatable)[a-z]/i.test(text);
    expect(described.filter(([, text]) => !isNote(text))).toEqual([]);
  },
);

test("an alias of a prompt is shown with its version, a split with its weights", async () => {
  const rivulet = aRivulet();
  for (const template of ["a", "b"]) await rivulet.prompts.register({ name: "p", template });
  await rivulet.prompts.setAlias({ name: "p", alias: "live", version: 2 });
  const arms = [1, 2].map((version) => ({ version, weight: version === 1 ? 0.9 : 0.1 }));
  await rivulet.prompts.setSplit({ name: "p", alias: "trial", arms });
  const { stdout } = await runLine(rivulet, ["prompts", "search"]);
  expect(stdout).toMatch(/ live=2 trial=1:0\.9,2:0\.1 /);
});

test("runs are a table, with whole ids and readable times", async () => {
  const rivulet = aRivulet();
  await rivulet.runs.create({ name: "baseline", params: { lr: 0.1, depth: 3 } });
  expect(await runLine(rivulet, ["runs", "search"])).toEqual({
    code: 0,
    stdout: [
      "id                                name      status   startTime             duration  metrics  params",
      `${hexId(1)}  baseline  running  2023-11-14 22:13:20Z                     depth=3 lr=0.1`,
      "",
    ].join("\n"),
    stderr: "",
  });
});

test("the experiment that nobody has made has no time", async () => {
  const { stdout } = await runLine(aRivulet(), ["experiments", "search"]);
  expect(stdout).toMatch(/^0 +Default +active *$/m);
  expect(stdout).not.toContain("1970");
});

test("a page ends with how to ask for the next, which --all does", async () => {
  const rivulet = aRivulet();
  for (const name of ["a", "b", "c"]) await rivulet.models.create({ name });
  const first = await runLine(rivulet, ["models", "search", "--limit", "2"]);
  const [, token = ""] = /^There is more: --page-token (\S+)\n$/.exec(first.stderr) ?? [];
  const second = await runLine(rivulet, ["models", "search", "--page-token", token]);
  expect(second.stdout).toMatch(/^name .*\nc /);
  const all = await runLine(rivulet, ["models", "search", "--all", "--limit", "1", "--json"]);
  const { items, nextPageToken } = JSON.parse(all.stdout);
  expect(items.map(({ name }: { name: string }) => name)).toEqual(["a", "b", "c"]);
  expect(nextPageToken).toBeUndefined();
});

test("--all ends at 10000 items, and says with which page it would go on", async () => {
  const rivulet = aRivulet();
  const run = await rivulet.runs.create({ name: "one" });
  const asked: unknown[] = [];
  const search: Rivulet["runs"]["search"] = async ({ limit = 0, pageToken = "p0" } = {}) => {
    asked.push(limit);
    if (asked.length > 20) throw new Error("It does not end.");
    return { items: Array(limit).fill(run), nextPageToken: `p${Number(pageToken.slice(1)) + 1}` };
  };
  const endless = { ...rivulet, runs: { ...rivulet.runs, search } };
  const { stdout, stderr } = await runLine(endless, ["runs", "search", "--all", "--json"]);
  expect(stderr).toBe("");
  const { items, nextPageToken } = JSON.parse(stdout);
  expect([items.length, nextPageToken]).toEqual([10_000, "p10"]);
  expect(asked).toEqual(Array(10).fill(1_000));
});

test.each([
  [["--store", "memory:", "models", "search", "--json"]],
  [["--json", "-s", "memory:", "models", "search"]],
  [["--store=memory:", "models", "--json", "search"]],
  [["models", "--store", "memory:", "search", "--json"]],
])("the store and --json may be named before the command: %j", async (args) => {
  const rivulet = aRivulet();
  await rivulet.models.create({ name: "tree" });
  const { code, stdout, stderr } = await runLine(rivulet, args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toMatchObject({ items: [{ name: "tree" }] });
});

test("another option before the command is unknown, and an option alone is no command", async () => {
  const rivulet = aRivulet();
  expect(await runLine(rivulet, ["--limit", "1", "models", "search"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("unknown option '--limit'"),
  });
  expect((await runLine(rivulet, ["--store", "memory:"])).code).toBe(2);
});

test("a template that begins as a list of messages and is no JSON is refused, also in a file", async () => {
  const rivulet = aRivulet();
  const file = join(await aFolder(), "chat.json");
  const half = '[{"role":"user","content":"{{name}}"';
  await writeFile(file, half);
  for (const given of [half, `@${file}`]) {
    const args = ["prompts", "register", "--name", "greet", "--template", given];
    expect(await runLine(rivulet, args)).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/error: --template: begins as JSON, but is none \(/),
    });
  }
  expect((await rivulet.prompts.search()).items).toEqual([]);
});

test.each(["{{greeting}} {{name}}", "[INST] {{name}} [/INST]", '{"name": {{name}}}', "[{{name}}]"])(
  "the template %s is text",
  async (template) => {
    const rivulet = aRivulet();
    await runLine(rivulet, ["prompts", "register", "--name", "p", "--template", template]);
    expect((await rivulet.prompts.get("p")).template).toBe(template);
  },
);

test("the last line break of a file is not part of the text, and others are", async () => {
  const rivulet = aRivulet();
  const file = join(await aFolder(), "greet.txt");
  await writeFile(file, "Hello\n{{name}}\n\n");
  await runLine(rivulet, ["prompts", "register", "--name", "p", "--template", `@${file}`]);
  expect((await rivulet.prompts.get("p")).template).toBe("Hello\n{{name}}\n");
});

test("tags are given one by one, as JSON, or in a file", async () => {
  const rivulet = aRivulet();
  const file = join(await aFolder(), "tags.json");
  await writeFile(file, '{"from":"file"}');
  await rivulet.models.create({ name: "m" });
  for (const tags of [
    ["--tag", "a=1=2", "--tags", "b="],
    ["--tags", '{"c":"d"}'],
    ["--tags", `@${file}`],
  ]) {
    expect(await runLine(rivulet, ["models", "update", "m", ...tags])).toMatchObject({ code: 0 });
  }
  expect((await rivulet.models.get("m")).tags).toEqual({ a: "1=2", b: "", c: "d", from: "file" });
});

test("a value that may be text or JSON is what it reads as", async () => {
  const rivulet = aRivulet();
  const register = ["prompts", "register", "--name", "greet", "--template"];
  await runLine(rivulet, [...register, "[not JSON] {{name}}"]);
  await runLine(rivulet, [...register, '[{"role":"user","content":"{{name}}?"}]']);
  expect((await rivulet.prompts.get("greet@1")).type).toBe("text");
  await runLine(rivulet, [...register, '{"text":"{{name}}"}']);
  expect((await rivulet.prompts.get("greet@2")).type).toBe("chat");
  expect((await rivulet.prompts.get("greet@3")).template).toBe('{"text":"{{name}}"}');
});

test("artifacts are stored and read byte for byte", async () => {
  const rivulet = aRivulet();
  const { id } = await rivulet.runs.create({});
  const folder = await aFolder();
  const bytes = Buffer.from([0, 255, 10, 13, 128]);
  await writeFile(join(folder, "in.bin"), bytes);
  const place = ["--run-id", id, "--path", "model/weights.bin"];
  await runLine(rivulet, ["artifacts", "put", join(folder, "in.bin"), ...place]);
  const out = join(folder, "out.bin");
  const { code, stdout } = await runLine(rivulet, ["artifacts", "get", ...place, "-o", out]);
  expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
  expect(await readFile(out)).toEqual(bytes);
});

test("a folder of artifacts goes in and out, as it is or as an archive, and is deleted", async () => {
  const rivulet = aRivulet();
  const { id } = await rivulet.runs.create({});
  const folder = await aFolder();
  const model = join(folder, "model");
  await mkdir(join(model, "sub"), { recursive: true });
  await writeFile(join(model, "a.txt"), "first");
  await writeFile(join(model, "sub", "b.bin"), Buffer.from([0, 255]));
  const place = ["--run-id", id, "--path", "m/1"];
  await runLine(rivulet, ["artifacts", "put", model, ...place]);
  const listed = await runLine(rivulet, ["artifacts", "list-folder", ...place]);
  expect(listed.stdout).toMatch(/m\/1\/a\.txt .*\n.*m\/1\/sub /);
  const out = join(folder, "out");
  const { stderr } = await runLine(rivulet, ["artifacts", "get", ...place, "-o", out]);
  expect(stderr).toContain(`2 files, 7 bytes: ${out}`);
  expect(await readFile(join(out, "sub", "b.bin"))).toEqual(Buffer.from([0, 255]));
  const archive = join(folder, "all.zip");
  await runLine(rivulet, ["artifacts", "get", "--run-id", id, "--zip", "-o", archive]);
  expect(Object.keys(unzipSync(await readFile(archive)))).toEqual(["m/1/a.txt", "m/1/sub/b.bin"]);
  const { stdout } = await runLine(rivulet, [
    "artifacts",
    "get",
    "--run-id",
    id,
    "--path",
    "m/1/a.txt",
  ]);
  expect(stdout).toBe("first");
  const removed = await runLine(rivulet, ["artifacts", "delete", ...place, "--yes"]);
  expect(removed.stdout.trim()).toBe("2");
  expect(await rivulet.artifacts.list({ runId: id })).toEqual([]);
});

test("runs are written as a file, or to the pipe", async () => {
  const rivulet = aRivulet();
  await rivulet.runs.create({ name: "one", params: { lr: 0.1 } });
  await rivulet.runs.logBatch({ runId: hexId(1), metrics: [{ key: "loss", value: 0.5 }] });
  const csv = "name,params.lr\r\none,0.1\r\n";
  const columns = ["--columns", "name", "--columns", "params.lr"];
  const piped = await runLine(rivulet, ["runs", "export", "--format", "csv", ...columns]);
  expect(piped).toEqual({ code: 0, stdout: csv, stderr: "" });
  const file = join(await aFolder(), "runs.csv");
  const kept = ["runs", "export", "--format", "csv", ...columns, "-o", file];
  expect(await runLine(rivulet, kept)).toMatchObject({ code: 0, stdout: "" });
  expect(await readFile(file, "utf8")).toBe(csv);
  expect(await runLine(rivulet, kept)).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^error: --output: cannot be written \(EEXIST/),
  });
  const found = await runLine(rivulet, ["runs", "search", "--filter", "name = 'one'", "--csv"]);
  expect(found.stdout).toMatch(
    /^id,experimentId,name,.*,params\.lr,metrics\.loss\r\n.*,0\.1,0\.5\r\n$/,
  );
  const points = await runLine(rivulet, ["runs", "export-metrics", "--format", "jsonl"]);
  expect(JSON.parse(points.stdout)).toMatchObject({ key: "loss", value: 0.5, step: 0 });
});

test("what others wrote cannot command the terminal", async () => {
  const rivulet = aRivulet();
  await rivulet.models.create({ name: "m", description: "\u001b]0;owned\u0007\u001b[2Jred\nline" });
  const { stdout } = await runLine(rivulet, ["models", "get", "m"]);
  expect(stdout).toContain("description   ]0;owned [2Jred\n             line");
});

test("what others wrote cannot turn the direction of a line", async () => {
  const rivulet = aRivulet();
  await rivulet.models.create({ name: "m", description: "exe.\u202egnp.\u2066x" });
  const { stdout } = await runLine(rivulet, ["models", "get", "m"]);
  expect(stdout).toContain("description  exe. gnp. x");
});

test("a cell of a list has at most 200 characters", async () => {
  const rivulet = aRivulet();
  const note = "x".repeat(300);
  await rivulet.runs.create({ name: "one", params: { note } });
  const { stdout } = await runLine(rivulet, ["runs", "search"]);
  expect(stdout).toContain(`note=${"x".repeat(194)}…`);
  expect(stdout).not.toContain("x".repeat(195));
});

test("nothing is asked before a removal where nobody can answer", async () => {
  const rivulet = aRivulet();
  await rivulet.models.create({ name: "m" });
  expect(await runLine(rivulet, ["models", "delete", "m"])).toEqual({
    code: 0,
    stdout: "",
    stderr: "Done.\n",
  });
  expect((await rivulet.models.search()).items).toEqual([]);
});

test.each([
  ["an unknown verb", ["runs", "serach"], /unknown command 'serach'\n\(Did you mean search\?\)/],
  ["an unknown option", ["runs", "search", "--fliter", "x"], /'--fliter'\n\(Did you mean --filter/],
  ["an unknown group", ["rnus"], /unknown command 'rnus'\n\(Did you mean runs\?\)/],
  ["a missing argument", ["runs", "get"], /missing required argument 'id'/],
  ["a missing option", ["runs", "metric-history", "--key", "x"], /option '--run-id <text>' not/],
  ["broken JSON", ["datasets", "add-records", "qa", "{"], /^error: records: is not JSON \(/],
  ["a file that is not there", ["datasets", "add-records", "qa", "@no.json"], /cannot be read/],
  ["a tag without its value", ["models", "update", "m", "--tag", "a"], /--tags: must be key=value/],
  ["a text given twice", ["runs", "search", "--filter", "a", "--filter", "b"], /more than once/],
])("%s is a usage error that names it", async (_case, args, message) => {
  const { code, stdout, stderr } = await runLine(aRivulet(), args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toMatch(message);
});

test("a refusal is one line, or with --json the error of the HTTP API", async () => {
  const rivulet = aRivulet();
  const args = ["runs", "search", "--limit", "0"];
  const message = "query.limit: must be a whole number from 1 to 1000";
  expect(await runLine(rivulet, args)).toEqual({
    code: 1,
    stdout: "",
    stderr: `invalid_argument: ${message}\n`,
  });
  const { code, stdout, stderr } = await runLine(rivulet, [...args, "--json"]);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(JSON.parse(stderr)).toEqual({
    error: { code: "invalid_argument", message, details: { field: "query.limit" } },
  });
});

test("on a terminal a table fits its width, with whole ids", async () => {
  const rivulet = aRivulet();
  await rivulet.runs.create({ name: "one", params: { note: "word ".repeat(30) } });
  const terminal = { isTTY: process.stdout.isTTY, columns: process.stdout.columns };
  onTestFinished(() => void Object.assign(process.stdout, terminal));
  Object.assign(process.stdout, { isTTY: true, columns: 100 });
  const { stdout } = await runLine(rivulet, ["runs", "search"]);
  const [, row = ""] = stdout.split("\n");
  expect(row).toContain(`${hexId(1)}  one`);
  expect(row).toMatch(/…$/);
  expect(row.length).toBeLessThanOrEqual(100);
});
