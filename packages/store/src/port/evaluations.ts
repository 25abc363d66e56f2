import type { Evaluation, EvaluationRow, Page } from "@rivulet/domain";
import { ENTITIES, PARTS } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { StoreQuery } from "./query.ts";

/** Evaluations and their rows. */
export interface EvaluationStore {
  create(evaluation: Evaluation): Promise<void>;
  get(id: string): Promise<Evaluation | undefined>;
  /** Replaces the record. */
  update(evaluation: Evaluation): Promise<void>;
  addRows(rows: readonly EvaluationRow[]): Promise<void>;
  /** By row id, then trial. */
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

/** What each of them does, as facts. */
export const evaluationOperations: Operations<EvaluationStore> = {
  create: write(ENTITIES.evaluation),
  get: read,
  update: write(ENTITIES.evaluation),
  addRows: write(PARTS.evaluationRow),
  listRows: read,
  search: search,
};
