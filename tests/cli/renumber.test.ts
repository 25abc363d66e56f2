import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createRivulet } from "@rivulet/core";
import { expect, test } from "vitest";
import { aFolder, run } from "./rivulet.ts";

/** A project with a prompt whose first version has a twin, as a merge may leave it. */
async function aPlace(): Promise<{ readonly cwd: string; readonly twin: string }> {
  const cwd = await aFolder();
  const rivulet = createRivulet({ store: `json:${join(cwd, "project")}` });
  await rivulet.prompts.register({ name: "greeting", template: "Hello", aliases: ["live"] });
  await rivulet.close();
  const folder = join("project", "prompts", "greeting");
  const version = (await readdir(join(cwd, folder))).find((name) => name.startsWith("v1-"));
  const twin = join(folder, "v1-0123456789.json");
  await cp(join(cwd, folder, String(version)), join(cwd, twin));
  return { cwd, twin };
}

test("renumber gives a version the next number, moves the aliases that are named, and says so", async () => {
  const { cwd, twin } = await aPlace();
  const doctor = await run(["doctor", "--store", "json:project"], { cwd });
  expect(doctor.code).toBe(1);
  expect(doctor.stdout).toContain("two branches have added it");
  expect(doctor.stdout).toContain("rivulet renumber '");

  const done = await run(["renumber", twin, "--alias", "live"], { cwd });
  const renamed = join(cwd, twin.replace("v1-", "v2-"));
  expect(done).toEqual({
    code: 0,
    stdout: `Version 1 of greeting is version 2 now: ${renamed}\nPoint to 2 now: live\n`,
    stderr: "",
  });
  expect((await run(["doctor", "--store", "json:project"], { cwd })).code).toBe(0);
  const rivulet = createRivulet({ store: `json:${join(cwd, "project")}` });
  expect((await rivulet.prompts.get("greeting@live")).version).toBe(2);
  await rivulet.close();
});

test("renumber tells of aliases that stay, also as JSON", async () => {
  const { cwd, twin } = await aPlace();
  const done = await run(["renumber", twin, "--to", "5", "--json"], { cwd });
  expect(JSON.parse(done.stdout)).toEqual({
    path: join(cwd, twin.replace("v1-", "v5-")),
    name: "greeting",
    from: 1,
    to: 5,
    moved: [],
    left: ["live"],
  });
});

test("renumber leaves files alone that are no versions, and numbers that are none", async () => {
  const { cwd, twin } = await aPlace();
  await writeFile(join(cwd, "v1-0123456789.json"), "{}");
  const other = await run(["renumber", "v1-0123456789.json"], { cwd });
  expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining("invalid_argument: ") });
  const missing = await run(["renumber", "no/v1-0123456789.json"], { cwd });
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("not_found: ") });
  const word = await run(["renumber", twin, "--to", "next"], { cwd });
  expect(word).toMatchObject({ code: 2, stderr: expect.stringContaining("a number from 1") });
  expect(JSON.parse(await readFile(join(cwd, twin), "utf8")).version).toBe(1);
});
