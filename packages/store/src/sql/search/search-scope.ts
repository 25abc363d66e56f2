import type { Entity } from "@rivulet/domain/entities";
import type { MeasuredDataset } from "../../port/logged-models.ts";
import type { Dialect } from "../dialect.ts";

/** What a filter is compiled for. */
export interface SearchScope {
  /** The entity; its table is `t`. */
  readonly entity: Entity;
  readonly dialect: Dialect;
  /** The experiments to search; empty for all. */
  readonly experimentIds: readonly string[];
  /** Only values that were measured on these datasets count. @default all */
  readonly datasets?: readonly MeasuredDataset[];
  /**
   * The time that relative times count from, in milliseconds: one for all pages of a search.
   *
   * @throws RivuletError `invalid_argument` when the query does not say
   */
  now(): number;
}
