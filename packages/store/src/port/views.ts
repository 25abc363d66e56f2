import type { Page, View } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type Operations, read, search, write } from "./operation.ts";
import type { StoreQuery } from "./query.ts";

/** The saved views of a store. */
export interface ViewStore {
  /**
   * Adds a view. @throws RivuletError `already_exists` when its page has a view of this name, in the same experiment;
   * `not_found` for the experiment
   */
  create(view: View): Promise<void>;
  /** One view; `undefined` when there is none of this id. */
  get(id: string): Promise<View | undefined>;
  /**
   * Changes a view. @throws RivuletError `not_found`; `already_exists` for a taken name; `conflict` when it is not the
   * expected one
   */
  update(patch: ViewPatch): Promise<View>;
  /** Removes a view. @throws RivuletError `not_found` */
  delete(id: string): Promise<void>;
  /** Default order: by name. */
  search(query: StoreQuery): Promise<Page<View>>;
}

/** Changes to a view. Absent fields stay as they are. */
export interface ViewPatch {
  /** The view to change. */
  readonly id: string;
  /** New name. */
  readonly name?: string;
  /** New query. */
  readonly query?: string;
  /** Milliseconds since the epoch. */
  readonly updatedAt: number;
  /** The `updatedAt` that it must have. @default any */
  readonly expected?: number;
}

/** Access and change events of each operation. */
export const viewOperations: Operations<ViewStore> = {
  create: write(ENTITIES.view),
  get: read,
  update: write(ENTITIES.view),
  delete: write(ENTITIES.view),
  search: search,
};
