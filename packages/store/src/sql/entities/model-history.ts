import type { ModelChange, Page } from "@rivulet/domain";
import { PARTS } from "@rivulet/domain/entities";
import type { ModelAct, ModelHistoryQuery } from "../../port/models.ts";
import type { Sql, SqlValue } from "../database.ts";
import { type RecordRows, recordRows } from "../kit/record-rows.ts";
import { readPage } from "../search/read-page.ts";
import { number, optionalNumber, optionalText } from "../values.ts";
import { queueChanges } from "./queued-deliveries.ts";

const rows: RecordRows<ModelChange> = recordRows(PARTS.modelChange);

/** What a call has changed; who, why and when is the call's. */
export type NewChange = Pick<ModelChange, "name" | "kind"> &
  Partial<Pick<ModelChange, "version" | "alias" | "before" | "after">> & {
    /** Whether a gate was overridden. */
    readonly forced?: boolean | undefined;
  };

/** What gates guard. */
const GATED: readonly ModelChange["kind"][] = ["alias_set", "stage_set"];

/** Adds entries to the history of one model, whose row the transaction holds. */
export async function noteChanges(
  sql: Sql,
  { callId, userId, why, overridden = false, updatedAt: at }: ModelAct,
  changes: readonly NewChange[],
): Promise<void> {
  const [first] = changes;
  if (first === undefined) return;
  const last = await lastNumber(sql, first.name);
  const entries = changes.map(({ forced, ...change }, place) => ({
    ...change,
    ...(forced === true || (overridden && GATED.includes(change.kind)) ? { forced: true } : {}),
    number: last + place + 1,
    callId,
    userId,
    why,
    at,
  }));
  await sql.insert(
    rows.insert,
    entries.map((entry) => rows.values(entry)),
  );
  await queueChanges(sql, at, changes);
}

/** Moves the history of a model to its new name, behind what that name has seen before. */
export async function renameHistory(
  sql: Sql,
  { name, newName }: { readonly name: string; readonly newName: string },
): Promise<void> {
  await sql.run("UPDATE model_history SET name = ?, number = number + ? WHERE name = ?", [
    newName,
    await lastNumber(sql, newName),
    name,
  ]);
}

async function lastNumber(sql: Sql, name: string): Promise<number> {
  const [row = {}] = await sql.all(
    "SELECT COALESCE(MAX(number), 0) AS last FROM model_history WHERE name = ?",
    [name],
  );
  return number(row, "last");
}

/** A page of the history, newest first. */
export function readHistory(
  sql: Sql,
  { name, alias, callId, ...page }: ModelHistoryQuery,
): Promise<Page<ModelChange>> {
  const wanted = Object.entries({ name, alias, call_id: callId }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  const conditions = wanted.map(([column]) => `${column} = ?`);
  return readPage(sql, {
    table: "model_history",
    within: {
      sql: conditions.length === 0 ? "1 = 1" : conditions.join(" AND "),
      values: wanted.map(([, value]): SqlValue => value),
    },
    order: name === undefined ? ["at_us", "name", "number"] : ["number"],
    descending: true,
    page,
    read: rows.record,
  });
}

/** Where an alias was before; `undefined` where its history does not say. */
export interface AliasPast {
  /** The version it pointed at. */
  readonly version: number | undefined;
}

/**
 * What an alias pointed at before it pointed at a version; without a version: before it was deleted. Rolling back is
 * no way an alias came to where it is: what led there first counts. Nor do versions of a deleted model of this name.
 */
export async function aliasBefore(
  sql: Sql,
  { name, alias, version }: { readonly name: string; readonly alias: string; version?: number },
): Promise<AliasPast | undefined> {
  const [row] = await sql.all(
    `SELECT before FROM model_history WHERE name = ? AND alias = ? AND kind = ?
     ${version === undefined ? "" : "AND version = ?"}
     AND number > (SELECT COALESCE(MAX(number), 0) FROM model_history WHERE name = ? AND kind = 'model_deleted')
     ORDER BY number DESC LIMIT 1`,
    version === undefined
      ? [name, alias, "alias_deleted", name]
      : [name, alias, "alias_set", version, name],
  );
  if (row === undefined) return undefined;
  return {
    version: optionalText(row, "before") === undefined ? undefined : optionalNumber(row, "before"),
  };
}
