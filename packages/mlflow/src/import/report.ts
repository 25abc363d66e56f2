/** What could not be imported. */
export interface Skipped {
  /** The file, or the record such as `run 5f0c…`. */
  readonly path: string;
  /** Why, for people to read. */
  readonly why: string;
}

/** A file or a dataset that has another name in the store. */
export interface Renamed {
  /** Where it was, or what it was called. */
  readonly path: string;
  /** What it is called now. */
  readonly name: string;
}

/** What an import has found, and what it has left out. What was there already counts, too. */
export interface ImportReport {
  /** Experiments, deleted ones included. */
  readonly experiments: number;
  /** Runs, deleted ones included. */
  readonly runs: number;
  /** Params of those runs. */
  readonly params: number;
  /** Points of metrics of those runs. */
  readonly metrics: number;
  /** Files of those runs. */
  readonly artifacts: number;
  /** Logged models. */
  readonly loggedModels: number;
  /** Registered models. */
  readonly models: number;
  /** Versions of those models. */
  readonly versions: number;
  /** Versions of prompts. */
  readonly prompts: number;
  /** Traces. */
  readonly traces: number;
  /** Feedback and expectations of those traces. */
  readonly assessments: number;
  /** Evaluation datasets. */
  readonly datasets: number;
  /** Records of those datasets. */
  readonly records: number;
  /** Those traces that are older than the client keeps, and that nothing protects: retention is going to remove them. */
  readonly expiring: number;
  /** What has another name now, since its own may not be used here. */
  readonly renamed: readonly Renamed[];
  /** What is not in the store now, with its place. Everything else is. */
  readonly skipped: readonly Skipped[];
}

/** What is counted. */
export type Counted = Exclude<keyof ImportReport, "skipped" | "renamed">;

/** A report that is being made. */
export interface Tally {
  /** Counts something. @default 1 */
  add(what: Counted, count?: number): void;
  /** Notes that something is left out. */
  skip(path: string, why: string): void;
  /** Notes that something has another name. */
  rename(path: string, name: string): void;
  report(): ImportReport;
}

/** A report that calls back at each step. */
export function createTally(onProgress: (report: ImportReport) => void): Tally {
  const counts: Record<Counted, number> = {
    experiments: 0,
    runs: 0,
    params: 0,
    metrics: 0,
    artifacts: 0,
    loggedModels: 0,
    models: 0,
    versions: 0,
    prompts: 0,
    traces: 0,
    assessments: 0,
    datasets: 0,
    records: 0,
    expiring: 0,
  };
  const skipped: Skipped[] = [];
  const renamed: Renamed[] = [];
  return {
    add: (what, count = 1) => {
      counts[what] += count;
      if (what === "runs" || what === "traces") onProgress({ ...counts, renamed, skipped });
    },
    skip: (path, why) => {
      skipped.push({ path, why });
    },
    rename: (path, name) => {
      renamed.push({ path, name });
    },
    report: () => ({ ...counts, renamed: [...renamed], skipped: [...skipped] }),
  };
}
