import { statSync } from "node:fs";
import { resolve } from "node:path";
import { type Rivulet, RivuletError } from "@rivulet/core";
import { openFolder } from "./file-source.ts";
import { createTally, type ImportReport, type Tally } from "./report.ts";
import type { MlflowSource } from "./source.ts";
import { openSqlite } from "./sqlite-source.ts";
import { closeExperiments, writeExperiments } from "./write-experiments.ts";
import { writeLoggedModels } from "./write-logged-models.ts";
import { writeModels } from "./write-models.ts";
import { writeRuns } from "./write-runs.ts";
import { writeTraces } from "./write-traces.ts";

/** Options of {@link importMlflow}. */
export interface ImportOptions {
  /** A folder `mlruns`, or a SQLite file of MLflow. It is only read. */
  readonly path: string;
  /**
   * Which files of runs are taken along: those below the folder, or below the folder of the SQLite file (`below`);
   * whatever files of this machine MLflow's records name (`all`); none (`none`).
   *
   * @default 'below'
   */
  readonly artifacts?: "below" | "all" | "none";
  /** Try a SQLite file whose version of MLflow's schema is not known. @default false */
  readonly force?: boolean;
  /** Ends it between two runs: what is written stays, and the next import goes on. */
  readonly signal?: AbortSignal;
  /** Told what has been counted so far. */
  readonly onProgress?: (report: ImportReport) => void;
}

/**
 * Takes over what MLflow has recorded: experiments, runs with params, metrics, tags and files, registered models with
 * versions and aliases, prompts, traces and what was said of them. Ids, times, stages and statuses stay. It can be done
 * again, also after it was interrupted: nothing is there twice, and what was changed since is left alone.
 *
 * What cannot be read is skipped and told in the report; everything else goes on.
 *
 * @throws RivuletError `not_found` without such a file or folder; `invalid_argument` when it is not MLflow's, or of an
 * unknown version; what writing to the store failed with
 */
export async function importMlflow(
  rivulet: Rivulet,
  { path, artifacts = "below", force = false, signal, onProgress = () => undefined }: ImportOptions,
): Promise<ImportReport> {
  const tally = createTally(onProgress);
  const source = openSource(resolve(path), tally, force);
  try {
    const targets = await writeExperiments(rivulet, source, tally);
    const rules = {
      folder: source.folder,
      isElsewhereRead: artifacts === "all",
      missing: new Set<string>(),
    };
    const files = artifacts === "none" ? undefined : rules;
    const writing = { rivulet, source, tally, targets, signal, artifacts: files };
    await writeRuns(writing);
    await writeLoggedModels(writing);
    await writeTraces({ rivulet, source, tally, targets, signal });
    await closeExperiments(rivulet, targets);
    await writeModels(rivulet, source, tally);
    for (const { path: place, why } of source.leftOut()) tally.skip(place, why);
    return tally.report();
  } finally {
    source.close();
  }
}

function openSource(path: string, tally: Tally, force: boolean): MlflowSource {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new RivuletError("not_found", `There is no ${path}.`, { details: { path } });
  }
  return found.isDirectory() ? openFolder(path, tally) : openSqlite(path, tally, force);
}
