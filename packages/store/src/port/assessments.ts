import type { Assessment } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import { type Operations, read, write } from "./operation.ts";

/** Assessments of traces and spans by people, judges and programs. */
export interface AssessmentStore {
  /** Adds all of them or none. @throws RivuletError `not_found` when a trace does not exist */
  add(assessments: readonly Assessment[]): Promise<void>;
  /** The assessments of these traces, oldest first. */
  list(query: { readonly traceIds: readonly string[] }): Promise<readonly Assessment[]>;
  /** Deletes one. @throws RivuletError `not_found` */
  delete(id: string): Promise<void>;
}

/** Access and change events of each operation. */
export const assessmentOperations: Operations<AssessmentStore> = {
  add: write(PARTS.assessment),
  list: read,
  delete: write(PARTS.assessment),
};
