import type { Rivulet } from "@rivulet/core";
import * as z from "zod";
import { defineTool, type McpTool } from "../tool.ts";

/** What {@link describeStore} tells. */
export interface Overview {
  readonly store: string;
  readonly experiments: readonly string[];
  readonly prompts: readonly string[];
  readonly models: readonly string[];
  readonly datasets: readonly string[];
  readonly newestTraces: readonly string[];
  readonly dropped: number;
}

/** The newest of everything, for a first look. */
export async function describeStore(rivulet: Rivulet): Promise<Overview> {
  const page = { limit: 10 };
  const [stats, experiments, prompts, models, datasets, traces] = await Promise.all([
    rivulet.stats(),
    rivulet.experiments.search(page),
    rivulet.prompts.search(page),
    rivulet.models.search(page),
    rivulet.datasets.search(page),
    rivulet.traces.search(page),
  ]);
  return {
    store: stats.store.driver,
    experiments: experiments.items.map(({ name }) => name),
    prompts: prompts.items.map(({ name }) => name),
    models: models.items.map(({ name }) => name),
    datasets: datasets.items.map(({ name }) => name),
    newestTraces: traces.items.map(({ id, name, status }) => `${id} ${name} ${status}`),
    dropped: stats.journal.dropped,
  };
}

const getOverview = defineTool({
  name: "get_overview",
  title: "Overview of the store",
  description:
    "What is in the store: the first ten of each kind, and the newest traces. Start here.",
  input: z.strictObject({}),
  output: z.object({
    store: z.string(),
    experiments: z.array(z.string()),
    prompts: z.array(z.string()),
    models: z.array(z.string()),
    datasets: z.array(z.string()),
    newestTraces: z.array(z.string()),
    dropped: z.number().describe("Spans lost because a bound was reached"),
  }) as z.ZodType<Overview>,
  run: (rivulet) => describeStore(rivulet),
});

/** Tools over the store as a whole. */
export const overviewTools: readonly McpTool[] = [getOverview];
