import type { Sql } from "../database.ts";
import { modelRows } from "./model-rows.ts";
import { touch, type Versioned } from "./versioned.ts";

/** How models count their versions. */
export const modelRegistry: Versioned = {
  names: modelRows,
  table: "models",
  counter: "last_version",
  versions: "model_versions",
  aliases: "model_aliases",
  tagged: "modelVersion",
};

/** Every change of a model's versions locks the model's row first. */
export function holdModel(
  sql: Sql,
  model: { readonly name: string; readonly at: number; readonly version?: number },
): Promise<void> {
  return touch(sql, modelRegistry, model);
}
