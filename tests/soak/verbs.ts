import { type Rivulet, RivuletError } from "@rivulet/core";

/** One acknowledged write: what it was, and how it is found again. */
export interface Acknowledged {
  readonly verb: VerbName;
  readonly key: readonly (string | number)[];
}

/** Does one thing and says what was acknowledged; undefined when it was rightly refused. */
type Verb = (rivulet: Rivulet, unique: string) => Promise<Acknowledged["key"] | undefined>;

const SHARED_NAMES = 3;

/** Every process writes to the same few prompts, models and datasets. */
function shared(kind: string): string {
  return `${kind}-${Math.floor(Math.random() * SHARED_NAMES)}`;
}

const verbs = {
  experiment: async (rivulet, unique) => {
    const { id } = await rivulet.experiments.create({ name: `experiment ${unique}` });
    return [id];
  },
  run: async (rivulet, unique) => {
    const run = await rivulet.runs.start({ experiment: "soak", params: { unique } });
    run.logMetric("loss", 0.5, { step: 1 });
    await run.finish();
    return [run.id, unique];
  },
  batch: async (rivulet, unique) => {
    const run = await rivulet.runs.start({ experiment: "soak" });
    const metrics = [1, 2, 3].map((step) => ({ key: "accuracy", value: step / 10, step }));
    await rivulet.runs.logBatch({ runId: run.id, metrics, params: { unique } });
    return [run.id, unique];
  },
  artifact: async (rivulet, unique) => {
    const run = await rivulet.runs.start({ experiment: "soak" });
    await run.logArtifact("unique.txt", unique);
    return [run.id, unique];
  },
  prompt: async (rivulet, unique) => {
    const name = shared("prompt");
    const { version } = await rivulet.prompts.register({ name, template: unique });
    return [name, version, unique];
  },
  alias: async (rivulet) => {
    const name = shared("prompt");
    const { items } = await rivulet.prompts.search({ filter: `name = '${name}'` });
    const [entry] = items;
    if (entry === undefined) return undefined;
    const expected = entry.aliases["live"] ?? null;
    const version = (expected?.[0]?.version ?? 0) + 1;
    try {
      await rivulet.prompts.setAlias({ name, alias: "live", version, expected });
      return [name, version];
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  },
  model: async (rivulet, unique) => {
    const name = shared("model");
    const { version } = await rivulet.models.register({ name, tags: { unique } });
    return [name, version, unique];
  },
  record: async (rivulet, unique) => {
    const name = shared("dataset");
    if ((await rivulet.datasets.find(name)) === undefined) {
      await rivulet.datasets.create({ name }).catch((error) => {
        if (!isRefusal(error)) throw error;
      });
    }
    await rivulet.datasets.addRecords(name, [{ inputs: unique }]);
    return [name, unique];
  },
  span: async (rivulet, unique) => {
    const traceId = await rivulet.withSpan(
      "soak",
      async (span) => {
        rivulet.withSpan("child", (child) => child.setUsage({ inputTokens: 1, totalTokens: 1 }));
        return span.traceId;
      },
      { experimentId: "soak", input: unique },
    );
    // The spool has it when the tick ends.
    await new Promise((resolve) => setImmediate(resolve));
    return [traceId, unique];
  },
  flushed: async (rivulet, unique) => {
    const traceId = await rivulet.withSpan("flushed", async (span) => span.traceId, {
      experimentId: "soak",
      input: unique,
    });
    await rivulet.flush();
    return [traceId, unique];
  },
} satisfies Readonly<Record<string, Verb>>;

/** What a process can do. */
export type VerbName = keyof typeof verbs;

/** The names of all verbs. */
export const VERBS: readonly VerbName[] = Object.keys(verbs) as VerbName[];

/** Does one thing. @returns what was acknowledged, if anything */
export async function act(
  rivulet: Rivulet,
  verb: VerbName,
  unique: string,
): Promise<Acknowledged | undefined> {
  const key = await verbs[verb](rivulet, unique);
  return key === undefined ? undefined : { verb, key };
}

/** Somebody else was faster: the alias had moved, the version was not there yet, the name was taken. */
function isRefusal(error: unknown): boolean {
  return (
    error instanceof RivuletError &&
    ["conflict", "not_found", "already_exists"].includes(error.code)
  );
}
