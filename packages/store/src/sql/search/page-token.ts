import { RivuletError } from "@rivulet/domain";
import type { SqlValue } from "../database.ts";

/** Where a page ended: the values its last row is sorted by. */
export type PageKey = readonly SqlValue[];

/** A page key as text. `shape` names the order it belongs to. */
export function encodePageToken(shape: string, key: PageKey): string {
  return Buffer.from(JSON.stringify([shape, ...key])).toString("base64url");
}

/** @throws RivuletError `invalid_argument` for a token that was not made by this list in this order. */
export function decodePageToken(
  token: string,
  { shape, length }: { shape: string; length: number },
): PageKey {
  const key = parse(token);
  if (
    Array.isArray(key) &&
    key[0] === shape &&
    key.length === length + 1 &&
    key.every(isSqlValue)
  ) {
    return key.slice(1);
  }
  throw new RivuletError(
    "invalid_argument",
    "The page token does not belong to this list and order. Start again without it.",
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
