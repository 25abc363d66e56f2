import type { Entity } from "@rivulet/domain/entities";
import { columnOf } from "../kit/declared-table.ts";

/** The column of `t` that identifies its rows, if it is a single one. */
export function keyColumn(entity: Entity): string {
  return `t.${columnOf(entity, entity.key[0] ?? "")}`;
}
