import { createRivulet } from "@rivulet/core";
import { expect, test } from "vitest";
import { aStoreUrl } from "../postgres/store-url.ts";
import { aFolder, run } from "./rivulet.ts";

interface Finding {
  readonly name: string;
  readonly status: string;
  readonly detail: string;
}

async function findings(store: string): Promise<readonly Finding[]> {
  const { stdout } = await run(["doctor", "--json", "--store", store], { cwd: await aFolder() });
  expect(stdout).not.toContain(new URL(store).password);
  return JSON.parse(stdout) as readonly Finding[];
}

test("doctor tells of a PostgreSQL server, how far it is, and what is in the store", async () => {
  const store = await aStoreUrl();
  expect(await findings(store)).toContainEqual({
    name: "Store",
    status: "note",
    detail: "There is none yet; it is made when it is first used.",
  });

  const rivulet = createRivulet({ store, spool: await aFolder() });
  await rivulet.prompts.register({ name: "greet", template: "Hello" });
  await rivulet.close();
  const found = await findings(store);
  expect(found).toContainEqual({
    name: "Server",
    status: "ok",
    detail: expect.stringMatching(/^PostgreSQL \d+\.\d+, \d+\.\d ms away$/),
  });
  expect(found).toContainEqual({ name: "Schema", status: "ok", detail: "version 4" });
  expect(found).toContainEqual({
    name: "Contents",
    status: "ok",
    detail: expect.stringContaining("prompts 1"),
  });
});

test("doctor says why a PostgreSQL server cannot be reached, without the password", async () => {
  const url = new URL(await aStoreUrl({ connectionTimeoutMs: "200" }));
  url.port = "1";
  const [problem] = (await findings(url.href)).filter(({ status }) => status === "problem");
  expect(problem?.detail).toContain("127.0.0.1:1/postgres cannot be reached");
});
