import type { Evaluation, EvaluationRow, Page } from "@rivulet/domain";
import { ENTITIES, PARTS } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { StoreQuery } from "./query.ts";

/** Evaluations and their rows. */
export interface EvaluationStore {
  /** Adds an evaluation. @throws RivuletError `already_exists` */
  create(evaluation: Evaluation): Promise<void>;
  /** One evaluation; `undefined` when there is none of this id. */
  get(id: string): Promise<Evaluation | undefined>;
  /** Replaces the record. @throws RivuletError `not_found` */
  update(evaluation: Evaluation): Promise<void>;
  /** Adds rows to their evaluations, all of them or none. Existing rows are replaced. */
  addRows(rows: readonly EvaluationRow[]): Promise<void>;
  /** One row; `undefined` when there is none of this id and trial. */
  getRow(
    row: Pick<EvaluationRow, "evaluationId" | "rowId" | "trial">,
  ): Promise<EvaluationRow | undefined>;
  /** The rows of one evaluation, by position, then row id, then trial; first those without a position. */
  listRows(query: {
    readonly evaluationId: string;
    readonly limit: number;
    readonly pageToken?: string;
  }): Promise<Page<EvaluationRow>>;
  /** Default order: newest first. An empty `experimentIds` means all. */
  search(
    query: StoreQuery & { readonly experimentIds: readonly string[] },
  ): Promise<Page<Evaluation>>;
}

/** Access and change events of each operation. */
export const evaluationOperations: Operations<EvaluationStore> = {
  create: write(ENTITIES.evaluation),
  get: read,
  update: write(ENTITIES.evaluation),
  addRows: write(PARTS.evaluationRow),
  getRow: read,
  listRows: read,
  search: search,
};
