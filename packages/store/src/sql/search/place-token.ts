import { LIMITS } from "@rivulet/domain";
import type { Sql, SqlValue } from "../database.ts";
import { named, type PageKey } from "./keyset.ts";
import { decodePageToken, encodePageToken, goneError, tokenError } from "./page-token.ts";
import type { SearchPlan } from "./plan.ts";
import { fromOf, joinsOf, type Position } from "./scan.ts";
import { selectMerged } from "./selection.ts";

/** The place in a list that a page token stands for. */
export interface Place {
  /** The moment that relative times refer to. */
  readonly now: number | undefined;
  readonly position: Position;
  /** The values that were left out of the token. */
  readonly leftOut: readonly number[];
}

/**
 * The token of the place where the next page begins. Values that would make it longer than a token may be are left out:
 * they are read again from the row in front.
 */
export async function placeToken(
  sql: Sql,
  { list, now, branches }: SearchPlan,
  { stage, after = [] }: Position,
): Promise<string> {
  const encode = (leftOut: readonly number[]): Promise<string> => {
    const kept = after.map((value, place) => (leftOut.includes(place) ? null : value));
    return encodePageToken(sql, list, [now ?? null, stage, leftOut.join(), ...kept]);
  };
  const token = await encode([]);
  if (token.length <= LIMITS.pageToken) return token;
  const keys = branches[0]?.stages[stage]?.keys ?? [];
  return encode(keys.flatMap(({ isName }, place) => (isName ? [] : [place])));
}

/** Decodes a token made by {@link placeToken}. @throws RivuletError `invalid_argument` */
export async function readPlace(sql: Sql, token: string, list: string): Promise<Place> {
  const [now, stage, leftOut, ...after] = await decodePageToken(sql, { token, list });
  const isPlace = typeof stage === "number" && typeof leftOut === "string";
  if (!isPlace || (now !== null && typeof now !== "number")) throw tokenError();
  return {
    now: now ?? undefined,
    position: after.length === 0 ? { stage } : { stage, after },
    leftOut: leftOut === "" ? [] : leftOut.split(",").map(Number),
  };
}

/**
 * The position with the values that were left out of its token.
 *
 * @throws RivuletError `invalid_argument` when the row that has them is gone
 */
export async function wholePosition(
  sql: Sql,
  plan: SearchPlan,
  leftOut: readonly number[],
): Promise<Position> {
  const { stage: number, after } = plan.start;
  const stage = plan.branches[0]?.stages[number];
  if (leftOut.length === 0 || stage === undefined || after === undefined) return plan.start;
  const everything = { ...plan, rare: undefined };
  const where = [...joinsOf(everything, stage), ...named(stage.keys, after)];
  const from = fromOf(everything, stage);
  const statement = selectMerged([{ keys: stage.keys, columns: [], from, where, most: 1 }], ONE);
  const [row] = await sql.all(statement.sql, statement.values);
  if (row === undefined) throw goneError();
  const whole: PageKey = after.map(
    (value, place): SqlValue => (leftOut.includes(place) ? (row[`sort_${place}`] ?? null) : value),
  );
  return { stage: number, after: whole };
}

const ONE = { sql: "LIMIT 1", values: [] };
