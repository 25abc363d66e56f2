import type { Rivulet } from "@rivulet/core";
import { describe, expect, test } from "vitest";
import { aClient, STORES } from "./client.ts";

/** Half a surrogate pair, which no database can store. */
const HALF = "half \ud800";
const WHOLE = "half \ufffd";
const TAGS = { [HALF]: HALF };
/** Finer than what stores keep. */
const NOW = 1_700_000_000_123.4568;
const STORED_NOW = 1_700_000_000_123.457;

interface Answers {
  /** What the verb answered. */
  readonly answered: unknown;
  /** What is read afterwards. */
  readonly read: unknown;
}

type Verb = (rivulet: Rivulet) => Promise<Answers>;

async function aTrace({ withSpan, flush }: Rivulet): Promise<string> {
  const traceId = withSpan("answer", (span) => span.traceId);
  await flush();
  return traceId;
}

const VERBS: Readonly<Record<string, Verb>> = {
  "experiments.create": async ({ experiments }) => {
    const answered = await experiments.create({ name: HALF, tags: TAGS });
    return { answered, read: await experiments.get(answered.id) };
  },
  "experiments.ensure": async ({ experiments }) => {
    const answered = await experiments.ensure(HALF);
    return { answered, read: await experiments.find(HALF) };
  },
  "experiments.update": async ({ experiments }) => {
    const { id } = await experiments.create({ name: "iris" });
    const answered = await experiments.update(id, { name: HALF, tags: TAGS });
    return { answered, read: await experiments.get(id) };
  },
  "runs.create": async ({ runs }) => {
    const answered = await runs.create({ name: HALF, tags: TAGS, params: TAGS, userId: HALF });
    return { answered, read: await runs.get(answered.id) };
  },
  "runs.start": async ({ runs }) => {
    const run = await runs.start({ name: HALF, tags: TAGS, params: TAGS });
    const { name, experimentId } = run;
    const read = await runs.get(run.id);
    return { answered: { name, experimentId }, read: { name: read.name, experimentId: "0" } };
  },
  "runs.update": async ({ runs }) => {
    const { id } = await runs.create();
    const patch = { name: HALF, tags: TAGS, status: "finished", endTime: NOW } as const;
    return { answered: await runs.update(id, patch), read: await runs.get(id) };
  },
  "models.create": async ({ models }) => {
    const answered = await models.create({ name: "m", description: HALF, tags: TAGS });
    return { answered, read: await models.get("m") };
  },
  "models.register": async ({ models }) => {
    const answered = await models.register({
      name: "m",
      source: HALF,
      description: HALF,
      tags: TAGS,
    });
    return { answered, read: await models.getVersion("m@1") };
  },
  "prompts.register": async ({ prompts }) => {
    const answered = await prompts.register({
      name: "p",
      template: HALF,
      commitMessage: HALF,
      config: TAGS,
      tags: TAGS,
    });
    const { items } = await prompts.listVersions({ name: "p" });
    const { template, commitMessage, config, tags, createdAt } = answered;
    return {
      answered: [{ template, commitMessage, config, tags, createdAt }],
      read: items.map((one) => ({
        template: one.template,
        commitMessage: one.commitMessage,
        config: one.config,
        tags: one.tags,
        createdAt: one.createdAt,
      })),
    };
  },
  "prompts.register of a chat": async ({ prompts }) => {
    const template = [{ role: "user", content: HALF, [HALF]: HALF }] as const;
    const answered = await prompts.register({ name: "p", template });
    const { items } = await prompts.listVersions({ name: "p" });
    return { answered: [answered.template], read: items.map((one) => one.template) };
  },
  "datasets.create": async ({ datasets }) => {
    const records = [{ inputs: HALF, expectations: TAGS, metadata: TAGS }];
    const answered = await datasets.create({ name: HALF, description: HALF, tags: TAGS, records });
    return { answered, read: await datasets.get(HALF) };
  },
  "traces.logFeedback": async (rivulet) => {
    const traceId = await aTrace(rivulet);
    const answered = await rivulet.traces.logFeedback({
      traceId,
      name: HALF,
      value: TAGS,
      rationale: HALF,
      sourceId: HALF,
      metadata: TAGS,
    });
    return {
      answered: [answered],
      read: await rivulet.traces.listAssessments({ traceIds: [traceId] }),
    };
  },
  "traces.update": async (rivulet) => {
    const id = await aTrace(rivulet);
    return {
      answered: await rivulet.traces.update(id, { tags: TAGS }),
      read: await rivulet.traces.get(id),
    };
  },
  "artifacts.put": async ({ runs, artifacts }) => {
    const { id: runId } = await runs.create();
    const answered = await artifacts.put({ runId, path: "a.txt", content: "a" });
    return { answered: [answered], read: await artifacts.list({ runId }) };
  },
};

describe.each(STORES)("%s: what a verb answers is what is read later", (kind) => {
  test.each(Object.entries(VERBS))("%s", async (_id, verb) => {
    const { rivulet } = await aClient(kind, { clock: () => NOW });
    const { answered, read } = await verb(rivulet);
    expect(answered).toEqual(read);
  });

  test("half a surrogate pair is U+FFFD, and times are kept to the microsecond", async () => {
    const { rivulet } = await aClient(kind, { clock: () => NOW });
    expect(await rivulet.experiments.create({ name: HALF, tags: TAGS })).toMatchObject({
      name: WHOLE,
      tags: { [WHOLE]: WHOLE },
      createdAt: STORED_NOW,
    });
  });
});
