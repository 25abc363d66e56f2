import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRivulet, openStore, type Rivulet, renumberVersion } from "@rivulet/core";
import { describe, expect, onTestFinished, test } from "vitest";
import { aFolder } from "./folder.ts";

function git(cwd: string, ...words: readonly string[]): string {
  const who = ["-c", "user.name=Test", "-c", "user.email=test@example.com"];
  return execFileSync("git", [...who, ...words], { cwd, encoding: "utf8", stdio: "pipe" });
}

type Work = (rivulet: Rivulet) => Promise<unknown>;

/** An app that is closed after the test. */
function open(folder: string): Rivulet {
  const rivulet = createRivulet({ store: `json:${join(folder, "project")}` });
  onTestFinished(() => rivulet.close());
  return rivulet;
}

async function commit(folder: string, work: Work): Promise<void> {
  const rivulet = createRivulet({ store: `json:${join(folder, "project")}` });
  await work(rivulet);
  await rivulet.close();
  commitAll(folder);
}

function commitAll(folder: string): void {
  git(folder, "add", "--all");
  git(folder, "commit", "--quiet", "--message", "work");
}

/** A repository with a project that has two prompts, a model and a dataset, on the branch `main`. */
async function aRepository(): Promise<string> {
  const folder = await aFolder();
  git(folder, "init", "--quiet", "--initial-branch", "main");
  await commit(folder, async (rivulet) => {
    await rivulet.prompts.register({ name: "greeting", template: "Hello {{name}}" });
    await rivulet.prompts.register({ name: "parting", template: "Bye {{name}}" });
    await rivulet.models.register({ name: "classifier" });
    await rivulet.datasets.create({ name: "questions" });
    await rivulet.datasets.addRecords("questions", [{ inputs: { q: "first" } }]);
  });
  return folder;
}

/** Does some work on a branch, other work on `main`, and merges the branch into it. */
async function merge(
  folder: string,
  works: { readonly theirs: Work; readonly ours: Work },
): Promise<void> {
  git(folder, "checkout", "--quiet", "-b", "theirs");
  await commit(folder, works.theirs);
  git(folder, "checkout", "--quiet", "main");
  await commit(folder, works.ours);
  git(folder, "merge", "--quiet", "--no-edit", "theirs");
}

describe("two branches that each add", () => {
  test("a prompt version are merged, and nothing of a machine is in Git", async () => {
    const folder = await aRepository();
    await merge(folder, {
      theirs: (rivulet) => rivulet.prompts.register({ name: "greeting", template: "Hi {{name}}" }),
      ours: (rivulet) => rivulet.prompts.register({ name: "parting", template: "See you" }),
    });
    expect(git(folder, "ls-files")).not.toContain("local/");
    const rivulet = open(folder);
    expect((await rivulet.prompts.get("greeting@2")).template).toBe("Hi {{name}}");
    expect((await rivulet.prompts.get("parting@2")).template).toBe("See you");
  });

  test("a tag to the same prompt, version, model and dataset are merged", async () => {
    const folder = await aRepository();
    const add =
      (key: string): Work =>
      async (rivulet) => {
        await rivulet.prompts.update("greeting", { tags: { [key]: "1" } });
        await rivulet.models.update("classifier", { tags: { [key]: "1" } });
        await rivulet.datasets.update("questions", { tags: { [key]: "1" } });
      };
    await merge(folder, { theirs: add("theirs"), ours: add("ours") });
    const rivulet = open(folder);
    const both = { ours: "1", theirs: "1" };
    const prompts = (await rivulet.prompts.search()).items;
    expect(prompts.find(({ name }) => name === "greeting")?.tags).toEqual(both);
    expect((await rivulet.models.search()).items.map(({ tags }) => tags)).toEqual([both]);
    expect((await rivulet.datasets.get("questions")).tags).toEqual(both);
  });

  test("an alias to the same prompt are merged", async () => {
    const folder = await aRepository();
    const add =
      (alias: string): Work =>
      (rivulet) =>
        rivulet.prompts.setAlias({ name: "greeting", alias, version: 1 });
    await merge(folder, { theirs: add("theirs"), ours: add("ours") });
    const rivulet = open(folder);
    expect((await rivulet.prompts.get("greeting@theirs")).version).toBe(1);
    expect((await rivulet.prompts.get("greeting@ours")).version).toBe(1);
  });

  test("a record to the same dataset are merged", async () => {
    const folder = await aRepository();
    const add =
      (q: string): Work =>
      (rivulet) =>
        rivulet.datasets.addRecords("questions", [{ inputs: { q } }]);
    await merge(folder, { theirs: add("theirs"), ours: add("ours") });
    const { items } = await open(folder).datasets.listRecords({ name: "questions" });
    const questions = items.map(({ inputs }) => (inputs as { q: string }).q);
    expect(questions.toSorted()).toEqual(["first", "ours", "theirs"]);
  });

  test("a run and an experiment are merged", async () => {
    const folder = await aRepository();
    const add =
      (name: string): Work =>
      async (rivulet) => {
        await rivulet.experiments.create({ name });
        await rivulet.runs.with({ name }, (run) => run.logMetric("loss", 0.5));
      };
    await merge(folder, { theirs: add("theirs"), ours: add("ours") });
    const rivulet = open(folder);
    const runs = await rivulet.runs.search();
    expect(runs.items.map(({ name }) => name).toSorted()).toEqual(["ours", "theirs"]);
    expect(runs.items.map(({ metrics }) => metrics)).toEqual([{ loss: 0.5 }, { loss: 0.5 }]);
    const experiments = (await rivulet.experiments.search()).items.map(({ name }) => name);
    expect(experiments.toSorted()).toEqual(["Default", "ours", "theirs"]);
  });
});

test("a project in a folder with a .gitignore of its own keeps what is of a machine out of Git", async () => {
  const folder = await aFolder();
  git(folder, "init", "--quiet", "--initial-branch", "main");
  await mkdir(join(folder, "project"));
  await writeFile(join(folder, "project", ".gitignore"), "node_modules\n");
  await commit(folder, (rivulet) => rivulet.prompts.register({ name: "greeting", template: "Hi" }));
  expect(git(folder, "ls-files")).not.toContain("local/");
  expect(await readFile(join(folder, "project", ".gitignore"), "utf8")).toBe("node_modules\n");
});

describe("two branches that each change", () => {
  test("the same alias are a conflict of Git's, and opening says in which file and line", async () => {
    const folder = await aRepository();
    await commit(folder, async (rivulet) => {
      await rivulet.prompts.register({ name: "greeting", template: "Hi" });
      await rivulet.prompts.register({ name: "greeting", template: "Hey", aliases: ["live"] });
    });
    const move =
      (version: number): Work =>
      (rivulet) =>
        rivulet.prompts.setAlias({ name: "greeting", alias: "live", version });
    await expect(merge(folder, { theirs: move(1), ours: move(2) })).rejects.toThrow("merge");
    const file = join(folder, "project", "prompts", "greeting", "alias-live.json");
    await expect(openStore(`json:${join(folder, "project")}`)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining(`${file}, line 5: it contains an unresolved Git conflict`),
      details: { path: file, line: 5 },
    });
  });

  test("the same record of a dataset are a conflict that names both lines", async () => {
    const folder = await aRepository();
    const change =
      (answer: string): Work =>
      (rivulet) =>
        rivulet.datasets.addRecords("questions", [
          { inputs: { q: "first" }, expectations: { answer } },
        ]);
    await merge(folder, { theirs: change("theirs"), ours: change("ours") });
    const file = join(folder, "project", "datasets", "questions", "records.jsonl");
    await expect(openStore(`json:${join(folder, "project")}`)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(
        /of dataset_records is also in .*, line \d.*keep one of the two/,
      ),
      details: { path: file },
    });
  });
});

describe("one number that two branches have given", () => {
  async function aTwin(): Promise<{ readonly folder: string; readonly file: string }> {
    const folder = await aRepository();
    await merge(folder, {
      ours: (rivulet) =>
        rivulet.prompts.register({ name: "greeting", template: "Hey", aliases: ["live"] }),
      theirs: async (rivulet) => {
        await rivulet.prompts.register({
          name: "greeting",
          template: "Hi",
          tags: { by: "them" },
          aliases: ["next"],
        });
      },
    });
    const error = await openStore(`json:${join(folder, "project")}`).catch((one: unknown) => one);
    expect(error).toMatchObject({
      code: "conflict",
      message: expect.stringMatching(
        /v2-\w+\.json, line 2: version 2 of prompt "greeting" is also in .*: run rivulet renumber '.*' to give this one, the later of the two, the next number/,
      ),
    });
    return { folder, file: (error as { details: { path: string } }).details.path };
  }

  test("is a conflict, and is mended by the command that it names", async () => {
    const { folder, file } = await aTwin();
    const renumbered = await renumberVersion(file, { aliases: ["live"] });
    expect(renumbered).toEqual({
      path: file.replace("v2-", "v3-"),
      name: "greeting",
      from: 2,
      to: 3,
      moved: ["live"],
      left: ["next"],
    });
    const rivulet = open(folder);
    const texts = await Promise.all(
      ["2", "3", "live", "next"].map(
        async (which) => (await rivulet.prompts.get(`greeting@${which}`)).template,
      ),
    );
    expect(texts).toEqual(["Hi", "Hey", "Hey", "Hi"]);
    expect((await rivulet.prompts.get("greeting@2")).tags).toEqual({ by: "them" });
    expect((await rivulet.prompts.get("greeting@3")).tags).toEqual({});
  });

  test("takes its tags with it, and leaves aliases that are not named", async () => {
    const { folder, file } = await aTwin();
    const names = await readdir(join(folder, "project", "prompts", "greeting"));
    const theirs = names.find((name) => name.includes(".tag-")) ?? "";
    const other = join(file, "..", theirs.replace(/\.tag-.*/, ".json"));
    expect(await renumberVersion(other, { to: 7 })).toMatchObject({
      to: 7,
      left: ["live", "next"],
    });
    const rivulet = open(folder);
    expect(await rivulet.prompts.get("greeting@7")).toMatchObject({
      template: "Hi",
      tags: { by: "them" },
    });
  });

  test("becomes one that was never given, not even to a version that was deleted", async () => {
    const folder = await aRepository();
    await merge(folder, {
      ours: async ({ models }) => {
        await models.register({ name: "classifier", description: "ours" });
        await models.register({ name: "classifier", description: "gone" });
        await models.deleteVersion({ name: "classifier", version: 3 });
      },
      theirs: ({ models }) => models.register({ name: "classifier", description: "theirs" }),
    });
    const models = join(folder, "project", "models", "classifier");
    const [twin = ""] = (await readdir(models)).filter((name) => /^v2-/.test(name));
    expect(await renumberVersion(join(models, twin))).toMatchObject({ from: 2, to: 4 });
    const rivulet = open(folder);
    const versions = await Promise.all(
      [2, 4].map((version) => rivulet.models.getVersion(`classifier@${version}`)),
    );
    expect(versions.map(({ description }) => description).toSorted()).toEqual(["ours", "theirs"]);
  });

  test("is not mended by a number that is taken, nor for an alias of another version", async () => {
    const { file } = await aTwin();
    const before = await readFile(file, "utf8");
    await expect(renumberVersion(file, { to: 1 })).rejects.toMatchObject({
      code: "already_exists",
    });
    await expect(renumberVersion(file, { to: 0.5 })).rejects.toMatchObject({
      code: "invalid_argument",
    });
    await expect(renumberVersion(file, { aliases: ["other"] })).rejects.toMatchObject({
      code: "not_found",
      message: 'No alias "other" points to version 2. Those that do: live, next.',
    });
    await expect(renumberVersion(join(file, "..", "prompt.json"))).rejects.toMatchObject({
      code: "invalid_argument",
    });
    expect(await readFile(file, "utf8")).toBe(before);
  });
});

describe("under a running app", () => {
  test("git status is clean after opening, reading and closing", async () => {
    const folder = await aRepository();
    const rivulet = createRivulet({ store: `json:${join(folder, "project")}` });
    await rivulet.prompts.get("greeting");
    await rivulet.datasets.listRecords({ name: "questions" });
    await rivulet.close();
    expect(git(folder, "status", "--porcelain")).toBe("");
  });

  test("git checkout, pull and stash are read within a second, and nothing of them is overwritten", async () => {
    const folder = await aRepository();
    const clone = await aFolder();
    git(clone, "clone", "--quiet", folder, ".");
    const rivulet = open(clone);
    const latest = async (): Promise<number | undefined> => {
      const { items } = await rivulet.prompts.search();
      return items.find(({ name }) => name === "greeting")?.latestVersion;
    };
    expect(await latest()).toBe(1);

    await commit(folder, (one) => one.prompts.register({ name: "greeting", template: "Hi" }));
    expect((await rivulet.prompts.get("greeting")).template).toBe("Hello {{name}}");
    git(clone, "pull", "--quiet");
    await expect.poll(latest, { timeout: 5_000 }).toBe(2);
    // What the app keeps of prompts is forgotten, too.
    const template = async (): Promise<unknown> => (await rivulet.prompts.get("greeting")).template;
    await expect.poll(template, { timeout: 5_000 }).toBe("Hi");

    await rivulet.prompts.register({ name: "greeting", template: "Hey" });
    git(clone, "stash", "--include-untracked");
    await expect.poll(latest, { timeout: 5_000 }).toBe(2);
    git(clone, "stash", "pop");
    await expect.poll(latest, { timeout: 5_000 }).toBe(3);

    commitAll(clone);
    git(clone, "checkout", "--quiet", "HEAD~1");
    await rivulet.prompts.register({ name: "parting", template: "So long" });
    expect(git(clone, "status", "--porcelain")).toMatch(
      /^\?\? project\/prompts\/parting\/v2-\w+\.json\n$/,
    );
    await expect.poll(latest, { timeout: 5_000 }).toBe(2);
  });

  test("a merge that has left a conflict is told with each call, and goes on once it is mended", async () => {
    const folder = await aRepository();
    const rivulet = open(folder);
    await rivulet.prompts.get("greeting");
    const file = join(folder, "project", "prompts", "greeting", "prompt.json");
    const before = await readFile(file, "utf8");
    const broken = `<<<<<<< HEAD\n${before}=======\n${before}>>>>>>> theirs\n`;
    await writeFile(file, broken);
    const conflict = { code: "conflict", message: expect.stringContaining(`${file}, line 1`) };
    const names = async (): Promise<unknown> => (await rivulet.prompts.search()).items.length;
    await expect
      .poll(() => names().catch((error: unknown) => error), { timeout: 5_000 })
      .toMatchObject(conflict);
    await expect(
      rivulet.prompts.register({ name: "parting", template: "So long" }),
    ).rejects.toMatchObject(conflict);
    expect(await readFile(file, "utf8")).toBe(broken);
    await writeFile(file, before);
    expect(await names()).toBe(2);
    await rivulet.prompts.register({ name: "parting", template: "So long" });
  });

  test("a branch without the project makes it unavailable, and it comes back with the project", async () => {
    const folder = await aFolder();
    git(folder, "init", "--quiet", "--initial-branch", "empty");
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "nothing");
    git(folder, "checkout", "--quiet", "-b", "main");
    await commit(folder, (one) => one.prompts.register({ name: "greeting", template: "Hi" }));
    const rivulet = open(folder);
    await rivulet.prompts.search();
    git(folder, "checkout", "--quiet", "empty");
    await expect(
      rivulet.prompts.register({ name: "greeting", template: "Hey" }),
    ).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining("was removed while it was open"),
    });
    expect(git(folder, "status", "--porcelain", "--ignored")).not.toContain("prompts");
    git(folder, "checkout", "--quiet", "main");
    await rivulet.prompts.register({ name: "greeting", template: "Hey" });
    expect((await rivulet.prompts.get("greeting@2")).template).toBe("Hey");
  });
});
