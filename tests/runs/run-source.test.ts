import { execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readSource } from "@rivulet/core/run-source";
import { expect, test, vi } from "vitest";
import { aClient, aFolder } from "../core/client.ts";

const BY = ["-c", "user.name=ann", "-c", "user.email=ann@rivulet.test"];

function git(folder: string, ...words: readonly string[]): string {
  return execFileSync("git", [...BY, ...words], { cwd: folder, encoding: "utf8" }).trim();
}

async function aRepository(): Promise<string> {
  const folder = await aFolder();
  git(folder, "init", "-q", "-b", "trunk");
  await mkdir(join(folder, "src"));
  await writeFile(join(folder, "src", "train.ts"), "1");
  git(folder, "add", ".");
  git(folder, "commit", "-q", "-m", "first");
  git(folder, "remote", "add", "origin", "https://ann:token@git.test/team/iris.git");
  return folder;
}

test("a program in a repository says who runs it and what is checked out, without credentials", async () => {
  const folder = await aRepository();
  const script = join(folder, "src", "train.ts");
  const commit = git(folder, "rev-parse", "HEAD");
  const expected = {
    userId: "ann",
    tags: {
      "mlflow.source.name": script,
      "mlflow.source.type": "LOCAL",
      "mlflow.source.git.commit": commit,
      "mlflow.source.git.branch": "trunk",
      "mlflow.source.git.dirty": "false",
      "mlflow.source.git.repoURL": "https://git.test/team/iris.git",
    },
  };
  expect(await readSource({ folder: "/", script, user: "ann" })).toEqual(expected);
  await writeFile(script, "2");
  git(folder, "pack-refs", "--all");
  const dirty = { ...expected.tags, "mlflow.source.git.dirty": "true" };
  expect(await readSource({ folder: "/", script, user: "ann" })).toEqual({
    ...expected,
    tags: dirty,
  });
});

test("a working tree beside its repository, and a commit without a branch, are understood", async () => {
  const folder = await aRepository();
  const beside = join(await aFolder(), "tree");
  git(folder, "worktree", "add", "-q", "-b", "side", beside);
  const commit = git(folder, "rev-parse", "HEAD");
  expect((await readSource({ folder: beside })).tags).toMatchObject({
    "mlflow.source.git.commit": commit,
    "mlflow.source.git.branch": "side",
    "mlflow.source.git.repoURL": "https://git.test/team/iris.git",
  });
  git(beside, "checkout", "-q", "--detach");
  const { tags } = await readSource({ folder: beside });
  expect(tags["mlflow.source.git.commit"]).toBe(commit);
  expect(tags["mlflow.source.git.branch"]).toBeUndefined();
});

test("outside of a repository nothing is said of one", async () => {
  expect(await readSource({ folder: await aFolder() })).toEqual({
    tags: { "mlflow.source.type": "LOCAL" },
  });
});

test("runs that are started say it unless that is switched off; what is given has the last word", async () => {
  const { rivulet } = await aClient("memory", { sourceTags: true });
  // A run does not wait for what takes too long to read; a later one has it.
  await vi.waitFor(async () => {
    const run = await rivulet.runs.start({
      userId: "bob",
      tags: { "mlflow.source.type": "NOTEBOOK" },
    });
    expect(await rivulet.runs.get(run.id)).toMatchObject({
      userId: "bob",
      tags: {
        "mlflow.source.name": expect.stringMatching(/./),
        "mlflow.source.type": "NOTEBOOK",
      },
    });
  }, 15_000);
  const created = await rivulet.runs.create();
  expect(created.tags).toEqual({});
  const { rivulet: silent } = await aClient("memory", { sourceTags: false });
  const without = await silent.runs.start();
  expect(await silent.runs.get(without.id)).toMatchObject({ tags: {} });
});

test("a secret in the name of the program is masked", async () => {
  const folder = await aFolder();
  const script = join(folder, `sk-proj-${"a1B2".repeat(12)}.ts`);
  const { rivulet } = await aClient("memory");
  const { tags } = await readSource({ folder, script });
  const run = await rivulet.runs.create({ tags });
  expect(run.tags["mlflow.source.name"]).not.toContain("a1B2a1B2");
});
