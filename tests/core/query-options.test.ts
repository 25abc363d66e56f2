import { expect, test } from "vitest";
import { aClient, refusal } from "./client.ts";

const SEARCHES = [
  ["experiments", "filter, orderBy, limit, pageToken, lifecycle"],
  [
    "runs",
    "filter, orderBy, limit, pageToken, text, experimentIds, lifecycle, parentRunId, rootsOnly",
  ],
  ["traces", "filter, orderBy, limit, pageToken, experimentIds"],
  ["prompts", "filter, orderBy, limit, pageToken"],
  ["models", "filter, orderBy, limit, pageToken"],
  ["datasets", "filter, orderBy, limit, pageToken"],
  ["evaluations", "filter, orderBy, limit, pageToken, experimentIds"],
] as const;

test.each(SEARCHES)("a search of %s takes no misspelt option for none", async (group, known) => {
  const { rivulet } = await aClient("memory");
  await expect(rivulet[group].search({ wherever: "x" } as object)).rejects.toMatchObject({
    code: "invalid_argument",
    message: `query.wherever: is not known here. There are ${known}.`,
  });
  const options = { filters: "name = 'x'" } as object;
  await expect(rivulet[group].search(options)).rejects.toMatchObject({
    code: "invalid_argument",
    message: "query.filters: is not known here. Did you mean filter?",
  });
});

test.each(["name = 'x'", 7, null, ["a"]])("a query is an object, not %j", async (query) => {
  const { rivulet } = await aClient("memory");
  const refused = refusal("invalid_argument", /^query: must be an object$/);
  for (const [group] of SEARCHES) {
    await expect(rivulet[group].search(query as object)).rejects.toMatchObject(refused);
  }
  for (const counted of [rivulet.runs.count, rivulet.traces.count, rivulet.traces.aggregate]) {
    await expect(counted(query as object)).rejects.toMatchObject(refused);
  }
});

test("a count, or a sum, of a misspelt filter is refused", async () => {
  const { rivulet } = await aClient("memory");
  const options = { filters: "name = 'x'" } as object;
  const unknown = refusal(
    "invalid_argument",
    /^query\.filters: is not known here\. Did you mean filter\?$/,
  );
  await expect(rivulet.runs.count(options)).rejects.toMatchObject(unknown);
  await expect(rivulet.traces.count(options)).rejects.toMatchObject(unknown);
  await expect(rivulet.traces.aggregate(options)).rejects.toMatchObject(unknown);
});
