import type { Page, PageQuery, Rivulet } from "@rivulet/core";
import type { Acknowledged, VerbName } from "./verbs.ts";

/** What is wrong with a store, a sentence each. */
export type Problems = readonly string[];

/** Whether a store holds what was acknowledged, and what has a number is numbered without gaps or doubles. */
export async function verify(
  rivulet: Rivulet,
  acknowledged: readonly Acknowledged[],
): Promise<Problems> {
  const problems: string[] = [];
  for (const entry of acknowledged) {
    const isThere = await checks[entry.verb](rivulet, entry.key.map(String)).catch(
      (error: unknown) => String(error),
    );
    if (isThere !== true) problems.push(`lost: ${entry.verb} ${entry.key.join(" ")} (${isThere})`);
  }
  return [
    ...problems,
    ...doubles(acknowledged, "alias", "moved twice"),
    ...doubles(acknowledged, "prompt", "given twice"),
    ...doubles(acknowledged, "model", "given twice"),
    ...(await promptGaps(rivulet)),
    ...(await modelGaps(rivulet)),
    ...(await traceSums(rivulet)),
  ];
}

type Check = (rivulet: Rivulet, key: readonly string[]) => Promise<boolean>;

const hasParam: Check = async (rivulet, [id = "", unique]) =>
  (await rivulet.runs.get(id)).params["unique"] === unique;
const hasInput: Check = async (rivulet, [id = "", unique]) =>
  (await rivulet.traces.loadSpans(id)).some(({ input }) => input === unique);

const checks: Readonly<Record<VerbName, Check>> = {
  experiment: async (rivulet, [id = ""]) => (await rivulet.experiments.get(id)).id === id,
  run: async (rivulet, [id = "", unique = ""]) => {
    const run = await rivulet.runs.get(id);
    return (await hasParam(rivulet, [id, unique])) && run.metrics["loss"] === 0.5;
  },
  batch: async (rivulet, [id = "", unique = ""]) => {
    const run = await rivulet.runs.get(id);
    return (await hasParam(rivulet, [id, unique])) && run.metrics["accuracy"] === 0.3;
  },
  artifact: async (rivulet, [runId = "", unique]) => {
    const { content } = await rivulet.artifacts.get({ runId, path: "unique.txt" });
    return Buffer.from(content).toString() === unique;
  },
  prompt: async (rivulet, [name, version, unique]) =>
    (await rivulet.prompts.get(`${name}@${version}`)).template === unique,
  alias: async (rivulet, [name = "", version]) => {
    const { aliases } = await rivulet.prompts.getEntry(name);
    return (aliases["live"]?.[0]?.version ?? 0) >= Number(version);
  },
  model: async (rivulet, [name, version, unique]) =>
    (await rivulet.models.getVersion(`${name}@${version}`)).tags["unique"] === unique,
  record: async (rivulet, [name = "", unique]) => {
    const records = await readAll((page) => rivulet.datasets.listRecords({ name, ...page }));
    return records.some(({ inputs }) => inputs === unique);
  },
  span: hasInput,
  flushed: hasInput,
};

function doubles(
  acknowledged: readonly Acknowledged[],
  verb: VerbName,
  problem: string,
): readonly string[] {
  const keys = acknowledged
    .filter((entry) => entry.verb === verb)
    .map(({ key }) => `${key[0]}@${key[1]}`);
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  return [...new Set(twice)].map((key) => `${verb} ${key} was ${problem}`);
}

async function promptGaps(rivulet: Rivulet): Promise<readonly string[]> {
  const { items } = await rivulet.prompts.search();
  const problems = items.map(async ({ name }) => {
    const versions = await readAll((page) => rivulet.prompts.listVersions({ name, ...page }));
    return gaps(
      name,
      versions.map(({ version }) => version),
    );
  });
  return (await Promise.all(problems)).flat();
}

async function modelGaps(rivulet: Rivulet): Promise<readonly string[]> {
  const versions = await readAll((page) => rivulet.models.searchVersions(page));
  const byName = Map.groupBy(versions, ({ name }) => name);
  return [...byName].flatMap(([name, own]) =>
    gaps(
      name,
      own.map(({ version }) => version),
    ),
  );
}

function gaps(name: string, versions: readonly number[]): readonly string[] {
  const isGapless = [...versions]
    .sort((a, b) => a - b)
    .every((value, index) => value === index + 1);
  return isGapless ? [] : [`${name}: versions are not 1 to ${versions.length}`];
}

/** The summary of each trace says what its spans say. */
async function traceSums(rivulet: Rivulet): Promise<readonly string[]> {
  const traces = await readAll((page) => rivulet.traces.search(page));
  const problems: string[] = [];
  for (const { id, spanCount, usage } of traces) {
    const spans = await rivulet.traces.loadSpans(id);
    const tokens = spans.reduce((sum, span) => sum + (span.usage?.totalTokens ?? 0), 0);
    if (spanCount !== spans.length || (usage.totalTokens ?? 0) !== tokens) {
      problems.push(`trace ${id}: its sums are not those of its ${spans.length} spans`);
    }
  }
  return problems;
}

/** Every item of a list. */
async function readAll<T>(read: (page: PageQuery) => Promise<Page<T>>): Promise<readonly T[]> {
  const items: T[] = [];
  let page = await read({ limit: 1000 });
  items.push(...page.items);
  while (page.nextPageToken !== undefined) {
    page = await read({ limit: 1000, pageToken: page.nextPageToken });
    items.push(...page.items);
  }
  return items;
}
