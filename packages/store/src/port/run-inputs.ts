import type { RunInput } from "@rivulet/domain";

/** Datasets that a run was given. */
export interface RunInputsWrite {
  /** The run. */
  readonly runId: string;
  /** What it was given. A dataset it was given before for the same purpose gets the new tags. */
  readonly inputs: readonly Omit<RunInput, "runId">[];
}

/** Selects a page of the inputs of a run. */
export interface RunInputsQuery {
  /** The run to read. */
  readonly runId: string;
  /** Inputs per page. */
  readonly limit: number;
  /** `nextPageToken` of the previous page. @default the first page */
  readonly pageToken?: string;
}

/** Whose datasets are listed. */
export interface InputDatasetsQuery {
  /** Experiments to look in; empty for all. */
  readonly experimentIds: readonly string[];
  /** Most datasets. */
  readonly limit: number;
}
