import { hash } from "node:crypto";
import { RivuletError } from "@rivulet/domain";
import type { Sql, SqlValue } from "../database.ts";
import { readStoreId } from "../store-id.ts";

/** Content of a page token besides its list. */
export type TokenContent = readonly SqlValue[];

/** To be increased when the content of tokens or the order of a list changes. */
const FORMAT = 4;

/** A short identifier of a list: its query, as far as that determines content and order. */
export function listName(...query: readonly unknown[]): string {
  return digest(query);
}

function digest(values: readonly unknown[]): string {
  return hash("sha256", JSON.stringify(values), "base64url").slice(0, 12);
}

/** A page token for a list of this store. */
export async function encodePageToken(
  sql: Sql,
  list: string,
  content: TokenContent,
): Promise<string> {
  const token = [FORMAT, await readStoreId(sql), list, ...content];
  return Buffer.from(JSON.stringify([...token, digest(token)])).toString("base64url");
}

/** A page token, and the list it should belong to. */
export interface GivenToken {
  readonly token: string;
  readonly list: string;
  /** Number of values in the token. @default any */
  readonly length?: number;
}

/** @throws RivuletError `invalid_argument` for a token of another list or store, or an invalid one */
export async function decodePageToken(
  sql: Sql,
  { token, list, length }: GivenToken,
): Promise<TokenContent> {
  const parsed = parse(token);
  if (!Array.isArray(parsed)) throw refusal("is not one that a list has given");
  const [format, store, name, ...content] = parsed.slice(0, -1) as readonly unknown[];
  if (format !== FORMAT) throw refusal("is of another version of Rivulet");
  if (store !== (await readStoreId(sql))) throw refusal("belongs to another store");
  // An altered token might still decode, as a different place.
  if (parsed.at(-1) !== digest(parsed.slice(0, -1)))
    throw refusal("is not one that a list has given");
  const isWhole = length === undefined || content.length === length;
  if (name !== list || !isWhole || !content.every(isSqlValue)) throw tokenError();
  return content;
}

/** The error for a token of another query. */
export function tokenError(): RivuletError {
  return refusal("belongs to another search: another filter, order or list");
}

/** The error for a token whose place no longer exists. */
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
