import { aDataset, anEvaluation, aPromptVersion, aRun, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { aBackend, type Backend } from "./a-backend.ts";

const PAGE = { where: [], order: [], limit: 1 };
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

async function filled(): Promise<Entities> {
  const { entities } = await aBackend();
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
