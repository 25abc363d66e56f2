import { statSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type Rivulet, RivuletError } from "@rivulet/core";
import type { ArtifactRules } from "./artifact-files.ts";
import { spanReader } from "./artifact-spans.ts";
import { openFolder } from "./file-source.ts";
import { createTally, type ImportReport, type Tally } from "./report.ts";
import type { MlflowSource } from "./source.ts";
import { openSqlite } from "./sqlite-source.ts";
import { writeDatasets } from "./write-datasets.ts";
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
  /**
   * A folder that has a copy of files that are elsewhere, such as of a bucket: those of a run are found below it by the
   * end of their path, `RUN/artifacts`.
   *
   * @default none
   */
  readonly artifactCopies?: string;
  /** Try a SQLite file whose version of MLflow's schema is not known. @default false */
  readonly force?: boolean;
  /** Ends it between two runs: what is written stays, and the next import goes on. */
  readonly signal?: AbortSignal;
  /** Told what has been counted so far. */
  readonly onProgress?: (report: ImportReport) => void;
}

/**
 * Takes over what MLflow has recorded: experiments, runs with params, metrics, tags and files, registered models with
 * versions and aliases, prompts, traces and what was said of them, evaluation datasets. Ids, times, stages and statuses stay. It can be done
 * again, also after it was interrupted: nothing is there twice, and what was changed since is left alone.
 *
 * What cannot be read is skipped and told in the report; everything else goes on.
 *
 * @throws RivuletError `not_found` without such a file or folder; `invalid_argument` when it is not MLflow's, or of an
 * unknown version; what writing to the store failed with
 */
export async function importMlflow(
  rivulet: Rivulet,
  options: ImportOptions,
): Promise<ImportReport> {
  const { artifacts = "below", signal, onProgress = () => undefined } = options;
  const tally = createTally(onProgress);
  const { source, rules } = openSource(options, tally);
  try {
    const targets = await writeExperiments(rivulet, source, tally);
    const files = artifacts === "none" ? undefined : rules;
    const writing = { rivulet, source, tally, targets, signal, artifacts: files };
    await writeRuns(writing);
    await writeLoggedModels(writing);
    await writeTraces({ rivulet, source, tally, targets, signal });
    await writeDatasets({ rivulet, source, tally, signal });
    await closeExperiments(rivulet, targets);
    await writeModels(rivulet, source, tally);
    for (const { path: place, why } of source.leftOut()) tally.skip(place, why);
    return tally.report();
  } finally {
    source.close();
  }
}

interface Opened {
  readonly source: MlflowSource;
  readonly rules: ArtifactRules;
}

function openSource(options: ImportOptions, tally: Tally): Opened {
  const { artifacts, artifactCopies, force = false } = options;
  const path = resolve(options.path);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined) {
    throw new RivuletError("not_found", `There is no ${path}.`, { details: { path } });
  }
  const copies = artifactCopies === undefined ? undefined : resolve(artifactCopies);
  if (copies !== undefined && !statSync(copies, { throwIfNoEntry: false })?.isDirectory()) {
    throw new RivuletError("not_found", `There is no folder ${copies}.`, {
      details: { field: "artifactCopies", path: copies },
    });
  }
  const rules = {
    folder: found.isDirectory() ? path : dirname(path),
    copies,
    isElsewhereRead: artifacts === "all",
    missing: new Set<string>(),
  };
  const spansAt = spanReader(rules, tally.skip);
  const source = found.isDirectory()
    ? openFolder(path, tally, spansAt)
    : openSqlite(path, tally, { force, spansAt });
  return { source, rules };
}
