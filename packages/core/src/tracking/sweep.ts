import { DEFAULT_EXPERIMENT_ID, RivuletError, type Run } from "@rivulet/domain";
import type { Context } from "../context.ts";
import { runPool } from "../pool.ts";
import { parseInput } from "../validation.ts";
import type { ActiveRun } from "./active-run.ts";
import type { TrackedRun } from "./create-active-run.ts";
import type { Experiments } from "./experiments.ts";
import type { Runs, StartRunOptions } from "./runs.ts";
import {
  type SweepChild,
  type SweepChoice,
  type SweepOptions,
  type SweepParams,
  type SweepResult,
  type SweepSettings,
  sweepSchema,
} from "./sweep-input.ts";
import { combinations } from "./sweep-params.ts";

/** What {@link sweep} works with. */
export interface SweepDependencies {
  readonly context: Pick<Context, "activeRun" | "random" | "reportError">;
  readonly experiments: Pick<Experiments, "ensure" | "get" | "update">;
  readonly start: (options: StartRunOptions) => Promise<TrackedRun>;
  readonly get: Runs["get"];
}

type Work<P extends SweepParams, R> = (run: ActiveRun, params: SweepChoice<P>) => R | Promise<R>;

type Direction = "lower" | "higher";

/** See `runs.sweep`. */
export async function sweep<P extends SweepParams, R>(
  dependencies: SweepDependencies,
  options: SweepOptions<P>,
  work: Work<P, R>,
): Promise<SweepResult<P, R>> {
  const settings = parseInput(sweepSchema, options, "sweep");
  const { name = "sweep", metric, signal } = settings;
  const isAborted = (): boolean => signal?.aborted === true;
  if (isAborted()) throw aborted(name);
  const { chosen, drawn } = combinations(settings, dependencies.context.random);
  const experimentId = await experimentOf(settings, dependencies);
  const direction = await directionOf(settings, experimentId, dependencies);
  const judged = metric === undefined ? {} : { metric };
  const told = { strategy: settings.strategy ?? "grid", ...judged, ...drawn };
  const parent = await dependencies.start({ experimentId, name, params: { sweep: told } });
  const tryOne = (params: SweepChoice<P>): Promise<SweepChild<P, R>> =>
    runChild({ dependencies, parent, metric }, params, work);
  try {
    const children = await inTurn(chosen as readonly SweepChoice<P>[], tryOne, settings);
    if (isAborted()) throw aborted(name);
    if (metric !== undefined && children.every(({ value }) => value === undefined)) {
      dependencies.context.reportError(neverLogged(name, metric));
    }
    const ended = await parent.finish(endOf(children));
    return { parent: ended, children, ...bestOf(children, direction) };
  } catch (error) {
    const status = isAborted() ? "killed" : "failed";
    if (!parent.isFinished()) await parent.finish(status).catch(dependencies.context.reportError);
    throw error;
  }
}

function endOf(children: readonly Pick<SweepChild, "status">[]): "finished" | "failed" {
  return children.some(({ status }) => status === "finished") ? "finished" : "failed";
}

function aborted(name: string): RivuletError {
  return new RivuletError("aborted", `Sweep "${name}" was aborted by its signal.`);
}

function neverLogged(name: string, metric: string): RivuletError {
  return new RivuletError("not_found", `Sweep "${name}": no child has logged "${metric}".`);
}

async function experimentOf(
  { experiment }: SweepSettings,
  { context, experiments }: SweepDependencies,
): Promise<string> {
  if (experiment !== undefined) return (await experiments.ensure(experiment)).id;
  return context.activeRun.getStore()?.experimentId ?? DEFAULT_EXPERIMENT_ID;
}

/** @throws RivuletError `invalid_argument` for a metric of which nobody says which way it is better */
async function directionOf(
  { metric, better }: SweepSettings,
  experimentId: string,
  { experiments }: SweepDependencies,
): Promise<Direction | undefined> {
  if (metric === undefined) return undefined;
  if (better !== undefined) {
    await experiments.update(experimentId, { metrics: { [metric]: { better } } });
    return better;
  }
  const { name, metrics } = await experiments.get(experimentId);
  const declared = Object.hasOwn(metrics, metric) ? metrics[metric]?.better : undefined;
  if (declared !== undefined) return declared;
  throw new RivuletError(
    "invalid_argument",
    `sweep.metric: the experiment "${name}" does not declare which way "${metric}" is better. Say better: "lower" or "higher".`,
    { details: { field: "sweep.better" } },
  );
}

interface ChildPlace {
  readonly dependencies: SweepDependencies;
  readonly parent: ActiveRun;
  readonly metric: string | undefined;
}

/** Rejects only when the store fails: what the work throws is part of the answer. */
async function runChild<P extends SweepParams, R>(
  { dependencies, parent, metric }: ChildPlace,
  params: SweepChoice<P>,
  work: Work<P, R>,
): Promise<SweepChild<P, R>> {
  const { context, start, get } = dependencies;
  const { id: parentRunId, experimentId } = parent;
  const run = await start({ experimentId, parentRunId, name: nameOf(params), params });
  const outcome = await settled(() => context.activeRun.run(run, () => work(run, params)));
  const hasFailed = "error" in outcome;
  if (hasFailed) context.reportError(outcome.error);
  if (!run.isFinished()) await run.finish(hasFailed ? "failed" : "finished");
  const ended = await get(run.id);
  const isLogged = metric !== undefined && Object.hasOwn(ended.metrics, metric);
  const value = isLogged ? ended.metrics[metric] : undefined;
  const status = hasFailed ? "failed" : statusOf(ended, value);
  return { run: ended, params, status, ...(value === undefined ? {} : { value }), ...outcome };
}

async function settled<R>(
  work: () => R | Promise<R>,
): Promise<{ readonly result: R } | { readonly error: unknown }> {
  try {
    return { result: await work() };
  } catch (error) {
    return { error };
  }
}

function statusOf({ status }: Run, value = 0): SweepChild["status"] {
  if (status === "failed" || status === "killed") return status;
  return Number.isFinite(value) ? "finished" : "diverged";
}

function nameOf(params: Readonly<Record<string, unknown>>): string {
  const parts = Object.entries(params).map(([key, value]) => {
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return `${key}=${text}`;
  });
  return parts.join(" ").slice(0, 250);
}

/** So many at once. After a failure or an abort none is begun, and those that run are waited for. */
async function inTurn<T, R>(
  items: readonly T[],
  work: (item: T) => Promise<R>,
  { concurrency = 1, signal }: SweepSettings,
): Promise<readonly R[]> {
  const results: R[] = [];
  await runPool([...items.entries()], concurrency, async ([index, item]) => {
    if (signal?.aborted !== true) results[index] = await work(item);
  });
  return results;
}

function bestOf<C extends SweepChild>(
  children: readonly C[],
  direction: Direction | undefined,
): { readonly best?: C } {
  if (direction === undefined) return {};
  const sign = direction === "lower" ? 1 : -1;
  let best: C | undefined;
  for (const child of children) {
    if (child.status !== "finished" || child.value === undefined) continue;
    if (best?.value === undefined || sign * child.value < sign * best.value) best = child;
  }
  return best === undefined ? {} : { best };
}
