import type { Assessment } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import { type Operations, read, write } from "./operation.ts";

/** What people, judges and programs think of traces. */
export interface AssessmentStore {
  /** `not_found` when the trace is not there. */
  add(assessments: readonly Assessment[]): Promise<void>;
  /** By time. */
  list(query: { readonly traceIds: readonly string[] }): Promise<readonly Assessment[]>;
  /** `not_found`. */
  delete(id: string): Promise<void>;
}

/** What each of them does, as facts. */
export const assessmentOperations: Operations<AssessmentStore> = {
  add: write(PARTS.assessment),
  list: read,
  delete: write(PARTS.assessment),
};
