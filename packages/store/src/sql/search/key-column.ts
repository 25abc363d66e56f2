import type { Entity } from "@rivulet/domain/entities";
import { columnOf } from "../kit/declared-table.ts";

/** The column of `t` that its rows are named by, where that is one. */
export function keyColumn(entity: Entity): string {
  return `t.${columnOf(entity, entity.key[0] ?? "")}`;
}
