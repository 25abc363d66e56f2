import type { TraceKeys } from "../../port/traces.ts";
import type { Sql } from "../database.ts";
import { assessmentNames, keysInUse, modelNames, tagKeys, toolNames } from "./keys-in-use.ts";

/** The names in use by traces of some experiments, or of all. */
export async function listKeys(sql: Sql, experimentIds: readonly string[]): Promise<TraceKeys> {
  return {
    tags: await keysInUse(sql, tagKeys("trace", "traces"), experimentIds),
    feedback: await keysInUse(sql, assessmentNames("feedback"), experimentIds),
    expectations: await keysInUse(sql, assessmentNames("expectation"), experimentIds),
    models: await keysInUse(sql, modelNames, experimentIds),
    tools: await keysInUse(sql, toolNames, experimentIds),
  };
}
