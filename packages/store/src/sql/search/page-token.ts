import { hash } from "node:crypto";
import { RivuletError } from "@rivulet/domain";
import type { SqlValue } from "../database.ts";

/** What a page token says besides what it belongs to. */
export type TokenContent = readonly SqlValue[];

/** A short name of a list: its query, in all that decides what is in it and in which order. */
export function listName(...query: readonly unknown[]): string {
  return hash("sha256", JSON.stringify(query), "base64url").slice(0, 12);
}

/** A page token of a list. */
export function encodePageToken(list: string, content: TokenContent): string {
  return Buffer.from(JSON.stringify([list, ...content])).toString("base64url");
}

/**
 * @param length how many values the token holds; left out: any number
 * @throws RivuletError `invalid_argument` for a token that another list has given, or none
 */
export function decodePageToken(token: string, list: string, length?: number): TokenContent {
  const content = parse(token);
  if (
    Array.isArray(content) &&
    content[0] === list &&
    (length === undefined || content.length === length + 1) &&
    content.every(isSqlValue)
  ) {
    return content.slice(1);
  }
  throw tokenError();
}

/** The error for a token that does not belong here. */
export function tokenError(): RivuletError {
  return new RivuletError(
    "invalid_argument",
    "The page token belongs to another search: another filter, order or list. Start again without it.",
    { details: { field: "pageToken" } },
  );
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
