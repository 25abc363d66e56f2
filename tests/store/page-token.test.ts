import { join } from "node:path";
import { aDataset, anEvaluation, aPromptVersion, aRun, hexId } from "@rivulet/core/testing";
import type { Database } from "@rivulet/store/sql";
import { expect, test } from "vitest";
import { aDatabase, type Backend, backendOver } from "./a-backend.ts";
import { aFolder } from "./folder.ts";

const PAGE = { where: [], order: [], limit: 1 };
const OTHER_SEARCH = "belongs to another search: another filter, order or list";
const IN_ALL = { ...PAGE, experimentIds: [], lifecycle: "all" } as const;

type Entities = Backend["entities"];
type Page = { readonly pageToken?: string };

const byMetric = (key: string) => ({
  order: [{ field: { kind: "metric", key }, descending: false }] as const,
});

/** Lists of two items each, page by page. */
const lists: Readonly<Record<string, (from: Entities, page: Page) => Promise<object>>> = {
  runs: ({ runs }, page) => runs.search({ ...IN_ALL, ...page }),
  "runs by name": ({ runs }, page) =>
    runs.search({
      ...IN_ALL,
      order: [{ field: { kind: "attribute", key: "name" }, descending: false }],
      ...page,
    }),
  "runs by name, backwards": ({ runs }, page) =>
    runs.search({
      ...IN_ALL,
      order: [{ field: { kind: "attribute", key: "name" }, descending: true }],
      ...page,
    }),
  "runs by one metric": ({ runs }, page) => runs.search({ ...IN_ALL, ...byMetric("a"), ...page }),
  "runs by another metric": ({ runs }, page) =>
    runs.search({ ...IN_ALL, ...byMetric("b"), ...page }),
  datasets: ({ datasets }, page) => datasets.search({ ...PAGE, ...page }),
  prompts: ({ prompts }, page) => prompts.search({ ...PAGE, ...page }),
  "versions of a prompt": ({ prompts }, page) =>
    prompts.listVersions({ name: "greet", limit: 1, ...page }),
  evaluations: ({ evaluations }, page) => evaluations.search({ ...IN_ALL, ...page }),
};

async function filled(database?: Database): Promise<Entities> {
  const { entities } = backendOver(database ?? (await aDatabase()));
  for (const index of [1, 2]) {
    const name = `n${index}`;
    await entities.runs.create(aRun({ id: hexId(index), name }));
    await entities.evaluations.create(anEvaluation({ id: hexId(index), name }));
    await entities.datasets.create(aDataset({ name }));
    await entities.prompts.addVersion(aPromptVersion({ template: name }));
    await entities.prompts.addVersion(aPromptVersion({ name, template: name }));
  }
  return entities;
}

test.each(Object.keys(lists))("a page token of %s is refused by every other list", async (own) => {
  const entities = await filled();
  const first = (await lists[own]?.(entities, {})) as { nextPageToken?: string };
  const pageToken = first.nextPageToken ?? "";
  for (const [name, list] of Object.entries(lists)) {
    const outcome = await list(entities, { pageToken }).then(
      () => "accepted",
      (error: { code: string }) => error.code,
    );
    expect(outcome, name).toBe(name === own ? "accepted" : "invalid_argument");
  }
});

test.each(["", "x", "W10", Buffer.from('["a"]').toString("base64url"), "%00"])(
  "no page token is made of %j",
  async (pageToken) => {
    const { runs } = await filled();
    await expect(runs.search({ ...IN_ALL, pageToken })).rejects.toMatchObject({
      code: "invalid_argument",
    });
  },
);

test.each(Object.keys(lists))("a page token of %s is refused by another store", async (own) => {
  const [first, second] = [await filled(), await filled()];
  const page = (await lists[own]?.(first, {})) as { nextPageToken?: string };
  const outcome = lists[own]?.(second, { pageToken: page.nextPageToken ?? "" });
  await expect(outcome).rejects.toMatchObject({
    code: "invalid_argument",
    message: "The page token belongs to another store. Start again without it.",
    details: { field: "pageToken" },
  });
});

test("a page token says what it does not belong to", async () => {
  const entities = await filled();
  const { nextPageToken = "" } = await entities.runs.search(IN_ALL);
  const inside = JSON.parse(Buffer.from(nextPageToken, "base64url").toString()) as unknown[];
  const [format, store, list, ...place] = inside;
  const tokenOf = (content: readonly unknown[]): string =>
    Buffer.from(JSON.stringify(content)).toString("base64url");
  const other = { field: { kind: "attribute", key: "name" }, operator: "=", value: "n1" } as const;
  for (const [query, reason] of [
    [{ pageToken: "x" }, "is not one that a list has given"],
    // As the first versions wrote them.
    [{ pageToken: tokenOf([list, ...place]) }, "is of another version of Rivulet"],
    [{ pageToken: tokenOf([99, store, list, ...place]) }, "is of another version of Rivulet"],
    [{ pageToken: tokenOf([format, "other", list, ...place]) }, "belongs to another store"],
    [
      { pageToken: tokenOf([format, store, list, ...place.slice(0, -1), {}]) },
      "is not one that a list has given",
    ],
    [{ pageToken: nextPageToken, where: [other] }, OTHER_SEARCH],
    [{ pageToken: nextPageToken, lifecycle: "active" }, OTHER_SEARCH],
    [{ pageToken: nextPageToken, experimentIds: ["0"] }, OTHER_SEARCH],
  ] as const) {
    await expect(entities.runs.search({ ...IN_ALL, ...query })).rejects.toMatchObject({
      code: "invalid_argument",
      message: `The page token ${reason}. Start again without it.`,
    });
  }
});

test.each(Object.keys(lists))("a page token of %s is refused when it was altered", async (own) => {
  const entities = await filled();
  const first = (await lists[own]?.(entities, {})) as { nextPageToken?: string };
  const nextPageToken = first.nextPageToken ?? "";
  const inside = Buffer.from(nextPageToken, "base64url").toString();
  const altered = [...inside].map((character, place) => {
    const other = character === "7" ? "8" : "7";
    return `${inside.slice(0, place)}${other}${inside.slice(place + 1)}`;
  });
  const values = JSON.parse(inside) as readonly unknown[];
  const changed = values.map((_, place) => JSON.stringify(values.with(place, "x")));
  const longer = [JSON.stringify([...values, 1]), JSON.stringify(values.slice(0, -1))];
  for (const text of [...altered, ...changed, ...longer]) {
    const pageToken = Buffer.from(text).toString("base64url");
    await expect(lists[own]?.(entities, { pageToken }), text).rejects.toMatchObject({
      code: "invalid_argument",
      details: { field: "pageToken" },
    });
  }
});

test("a page token of a file is taken when the file is opened again", async () => {
  const path = join(await aFolder(), "rivulet.db");
  const before = await filled(await aDatabase(path));
  const { items, nextPageToken = "" } = await before.runs.search(IN_ALL);
  const { entities } = backendOver(await aDatabase(path));
  const rest = await entities.runs.search({ ...IN_ALL, pageToken: nextPageToken });
  expect([...items, ...rest.items].map(({ id }) => id)).toEqual([hexId(2), hexId(1)]);
});
