import { hash } from "node:crypto";
import { RivuletError } from "@rivulet/domain";
import type { Sql, SqlValue } from "../database.ts";
import { readStoreId } from "../store-id.ts";

/** What a page token says besides what it belongs to. */
export type TokenContent = readonly SqlValue[];

/** To be raised when tokens hold other things, or lists of the same query have another order. */
const FORMAT = 4;

/** A short name of a list: its query, in all that decides what is in it and in which order. */
export function listName(...query: readonly unknown[]): string {
  return digest(query);
}

function digest(values: readonly unknown[]): string {
  return hash("sha256", JSON.stringify(values), "base64url").slice(0, 12);
}

/** A page token of a list of the store that `sql` asks. */
export async function encodePageToken(
  sql: Sql,
  list: string,
  content: TokenContent,
): Promise<string> {
  const token = [FORMAT, await readStoreId(sql), list, ...content];
  return Buffer.from(JSON.stringify([...token, digest(token)])).toString("base64url");
}

/** A page token, and the list that it should belong to. */
export interface GivenToken {
  readonly token: string;
  readonly list: string;
  /** How many values the token holds; left out: any number. */
  readonly length?: number;
}

/** @throws RivuletError `invalid_argument` for a token that another list has given, or another store, or none */
export async function decodePageToken(
  sql: Sql,
  { token, list, length }: GivenToken,
): Promise<TokenContent> {
  const parsed = parse(token);
  if (!Array.isArray(parsed)) throw refusal("is not one that a list has given");
  const [format, store, name, ...content] = parsed.slice(0, -1) as readonly unknown[];
  if (format !== FORMAT) throw refusal("is of another version of Rivulet");
  if (store !== (await readStoreId(sql))) throw refusal("belongs to another store");
  // Where it was altered on its way, it may still be read, as another place.
  if (parsed.at(-1) !== digest(parsed.slice(0, -1)))
    throw refusal("is not one that a list has given");
  const isWhole = length === undefined || content.length === length;
  if (name !== list || !isWhole || !content.every(isSqlValue)) throw tokenError();
  return content;
}

/** The error for a token that another query has given. */
export function tokenError(): RivuletError {
  return refusal("belongs to another search: another filter, order or list");
}

/** The error for a token that goes on behind something that is not there any more. */
export function goneError(): RivuletError {
  return refusal("goes on behind what is not there any more");
}

function refusal(reason: string): RivuletError {
  return new RivuletError("invalid_argument", `The page token ${reason}. Start again without it.`, {
    details: { field: "pageToken" },
  });
}

function parse(token: string): unknown {
  try {
    return JSON.parse(Buffer.from(token, "base64url").toString());
  } catch {
    return undefined;
  }
}

function isSqlValue(value: unknown): value is SqlValue {
  return value === null || typeof value === "string" || typeof value === "number";
}
