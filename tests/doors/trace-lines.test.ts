import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet, type Rivulet } from "@rivulet/core";
import { sequentialIds } from "@rivulet/core/testing";
import { expect, onTestFinished, test } from "vitest";
import { runLine } from "./command-line.ts";

function aRivulet(): Rivulet {
  let time = 1_700_000_000_000;
  const clock = (): number => {
    time += 1;
    return time;
  };
  const rivulet = createRivulet({ store: "memory:", ids: sequentialIds(), clock });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

async function record(rivulet: Rivulet, ...names: readonly string[]): Promise<void> {
  for (const name of names) await rivulet.withSpan(name, () => `${name}!`, { input: name });
  await rivulet.flush();
}

async function aFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-export-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "traces.jsonl");
}

type Line = Readonly<Record<string, unknown>> & { readonly spans: readonly unknown[] };
const linesOf = (text: string): readonly Line[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);
const namesIn = (text: string): readonly unknown[] => linesOf(text).map(({ name }) => name);

test("an export has each trace with its spans and what was said of it, oldest first", async () => {
  const rivulet = aRivulet();
  await record(rivulet, "a", "b", "c");
  const [c] = (await rivulet.traces.search()).items;
  await rivulet.traces.logFeedback({ traceId: c?.id ?? "", value: true });
  const { code, stdout, stderr } = await runLine(rivulet, ["traces", "export"]);
  expect([code, stderr]).toEqual([0, "3 traces\n"]);
  expect(namesIn(stdout)).toEqual(["a", "b", "c"]);
  expect(linesOf(stdout)[2]).toMatchObject({
    ...c,
    spans: [{ name: "c", input: "c", output: "c!" }],
    assessments: [{ value: true }],
  });
  const some = await runLine(rivulet, ["traces", "export", "--filter", "name != 'b'"]);
  expect(namesIn(some.stdout)).toEqual(["a", "c"]);
});

test("an export that was broken off goes on where it ended", async () => {
  const rivulet = aRivulet();
  const file = await aFile();
  await record(rivulet, "a", "b");
  const args = ["traces", "export", "--filter", "name != 'x'", "-o", file];
  expect(await runLine(rivulet, args)).toMatchObject({ code: 0, stderr: `2 traces: ${file}\n` });
  await appendFile(file, '{"id":"half');
  await record(rivulet, "x", "c");
  expect(await runLine(rivulet, [...args, "--resume"])).toMatchObject({
    code: 0,
    stderr: `1 traces: ${file}\n`,
  });
  expect(namesIn(await readFile(file, "utf8"))).toEqual(["a", "b", "c"]);
});

test("--resume begins a file that is not there", async () => {
  const rivulet = aRivulet();
  const file = await aFile();
  await record(rivulet, "a");
  expect(await runLine(rivulet, ["traces", "export", "--resume", "-o", file])).toMatchObject({
    code: 0,
  });
  expect(namesIn(await readFile(file, "utf8"))).toEqual(["a"]);
});

test("a file that is there is not written over, nor one of something else gone on with", async () => {
  const rivulet = aRivulet();
  const file = await aFile();
  await writeFile(file, "[1]\n");
  for (const resume of [[], ["--resume"]]) {
    const { code, stderr } = await runLine(rivulet, ["traces", "export", "-o", file, ...resume]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--output: cannot be written")]);
  }
  expect(await readFile(file, "utf8")).toBe("[1]\n");
  expect((await runLine(rivulet, ["traces", "export", "--resume"])).code).toBe(2);
});

test("tail prints the newest traces, then those that end, each once", async () => {
  const rivulet = aRivulet();
  await record(rivulet, "a", "b", "c");
  const args = ["traces", "tail", "-n", "2", "--count", "4", "--filter", "name != 'x'", "--json"];
  const ended = runLine(rivulet, args);
  const open = rivulet.startSpan("long", { parent: null });
  await record(rivulet, "d", "x");
  open.end();
  await rivulet.flush();
  const { code, stdout } = await ended;
  expect(code).toBe(0);
  const [b, c, ...followed] = namesIn(stdout);
  expect([b, c, ...followed.sort()]).toEqual(["b", "c", "d", "long"]);
});

test("tail shows time, id, status, name and input of a trace in a line", async () => {
  const rivulet = aRivulet();
  await record(rivulet, "a");
  const { stdout } = await runLine(rivulet, ["traces", "tail", "--count", "1"]);
  expect(stdout).toMatch(/^2023-11-14 22:13:20Z {2}[0-9a-f]{32} {2}ok {2}\d+ ms {2}a {2}a\n$/);
});
