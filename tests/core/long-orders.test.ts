import { paginate } from "@rivulet/core";
import { expect, test } from "vitest";
import { aClient, STORES } from "./client.ts";

const ORDERS: readonly (readonly string[])[] = [
  ["tags.note"],
  ["tags.note DESC"],
  ["params.config"],
  ["name", "tags.note", "params.config DESC"],
  Array<string>(10).fill("tags.note"),
];

test.each(STORES)("lists by values that are longer than a page token go on: %s", async (kind) => {
  const { rivulet } = await aClient(kind);
  for (const name of ["a", "b", "c"]) {
    const params = { config: `${"é".repeat(5_000)}${name}` };
    const tags = { note: `${"x".repeat(7_999)}${name}` };
    await rivulet.runs.start({ name, params, tags });
  }
  for (const orderBy of ORDERS) {
    const query = { orderBy, filter: "tags.note LIKE 'x%'", limit: 1 };
    const names: string[] = [];
    for await (const { name } of paginate(rivulet.runs.search, query)) names.push(name);
    const isBackwards = orderBy[0]?.endsWith("DESC") === true;
    expect(names, orderBy.join()).toEqual(isBackwards ? ["c", "b", "a"] : ["a", "b", "c"]);
    const { nextPageToken = "" } = await rivulet.runs.search(query);
    expect(nextPageToken.length).toBeLessThanOrEqual(2_048);
  }
});

test("lists by long values go on where the order has the name itself", async () => {
  const { rivulet } = await aClient("memory");
  for (const name of ["a", "b", "c"]) {
    await rivulet.prompts.register({ name, template: "x" });
    await rivulet.prompts.update(name, { tags: { note: "x".repeat(7_000) } });
  }
  const query = { orderBy: ["tags.note", "name DESC"], limit: 1 };
  const names: string[] = [];
  for await (const { name } of paginate(rivulet.prompts.search, query)) names.push(name);
  expect(names).toEqual(["c", "b", "a"]);
});

test("a list by long values cannot go on behind what was deleted meanwhile", async () => {
  const { rivulet } = await aClient("memory");
  for (const name of ["a", "b", "c"]) {
    const span = rivulet.startSpan(name, { tags: { note: `${"x".repeat(7_000)}${name}` } });
    span.end();
  }
  await rivulet.flush();
  const query = { orderBy: ["tags.note"], limit: 1 };
  const { items, nextPageToken = "" } = await rivulet.traces.search(query);
  const next = () => rivulet.traces.search({ ...query, pageToken: nextPageToken });
  expect((await next()).items.map(({ name }) => name)).toEqual(["b"]);
  await rivulet.traces.delete(items.map(({ id }) => id));
  await expect(next()).rejects.toMatchObject({
    code: "invalid_argument",
    message: "The page token goes on behind what is not there any more. Start again without it.",
    details: { field: "pageToken" },
  });
});
