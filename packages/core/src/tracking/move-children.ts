import type { LifecycleStage, Run } from "@rivulet/domain";
import type { Store } from "@rivulet/store";
import { notFound } from "../reference.ts";

/** Runs that are looked at, or changed, at once. */
const AT_ONCE = 500;

/** What becomes of a run. */
interface Stage {
  readonly id: string;
  readonly lifecycleStage: LifecycleStage;
  readonly deletedAt?: number;
}

/**
 * Deletes all that is below a run, or restores what was deleted with it. The run itself is left for the caller: as long as
 * it has not followed, the same call goes on with what was not reached.
 *
 * @throws RivuletError `not_found` when there is no such run
 */
export async function moveChildren(runs: Store["runs"], { id, ...stage }: Stage): Promise<void> {
  const run = await runs.get(id);
  if (run === undefined) throw notFound("run", id);
  const isMoved = (child: Run): boolean =>
    stage.lifecycleStage === "deleted"
      ? child.lifecycleStage === "active"
      : child.lifecycleStage === "deleted" && child.deletedAt === run.deletedAt;
  for await (const page of below(runs, id)) {
    const ids = page.filter(isMoved).map((child) => child.id);
    if (ids.length > 0) await runs.updateMany({ ids, ...stage });
  }
}

/** All runs below a run, level by level, in pages. */
async function* below(runs: Store["runs"], id: string): AsyncIterable<readonly Run[]> {
  // A run that an import has made its own ancestor ends the walk.
  const seen = new Set([id]);
  let parents: readonly string[] = [id];
  while (parents.length > 0) {
    const level: string[] = [];
    for await (const page of childrenOf(runs, parents)) {
      const found = page.filter((child) => !seen.has(child.id));
      level.push(...found.map((child) => child.id));
      yield found;
    }
    for (const one of level) seen.add(one);
    parents = level;
  }
}

/** All children of some runs, deleted or not, in pages. */
async function* childrenOf(
  runs: Store["runs"],
  parents: readonly string[],
): AsyncIterable<readonly Run[]> {
  for (let at = 0; at < parents.length; at += AT_ONCE) {
    const value = parents.slice(at, at + AT_ONCE);
    const field = { kind: "attribute", key: "parentRunId" } as const;
    const where = [{ field, operator: "IN", value } as const];
    const query = {
      where,
      order: [],
      experimentIds: [],
      lifecycle: "all",
      limit: AT_ONCE,
    } as const;
    let page = await runs.search(query);
    yield page.items;
    while (page.nextPageToken !== undefined) {
      page = await runs.search({ ...query, pageToken: page.nextPageToken });
      yield page.items;
    }
  }
}
