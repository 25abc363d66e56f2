import { RivuletError } from "@rivulet/core";
import { type BodyRules, readBytes } from "./read-body.ts";
import { Refusal } from "./refusal.ts";

const MAX_DEPTH = 64;

/** Refuses bodies that are not said to be JSON: a form of another site cannot say so. */
export function requireJsonType(request: Request): void {
  const type = request.headers.get("content-type");
  if (type === null && request.body === null) return;
  if (type !== null && /^application\/json\s*(;|$)/i.test(type)) return;
  throw new Refusal({
    status: 415,
    code: "invalid_argument",
    message: "The body must be JSON, with the content type application/json.",
  });
}

/**
 * The body as JSON; an empty one is an empty object.
 *
 * @throws RivuletError `invalid_argument` when it is not JSON or nested too deeply, `limit_exceeded`
 */
export async function readJson(request: Request, rules: BodyRules): Promise<unknown> {
  const bytes = await readBytes(request, rules);
  if (bytes.byteLength === 0) return {};
  const value = parse(bytes);
  if (isDeeper(value, MAX_DEPTH)) {
    throw new RivuletError(
      "invalid_argument",
      `The body is nested deeper than ${MAX_DEPTH} levels.`,
    );
  }
  return value;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new RivuletError("invalid_argument", "The body is not JSON in UTF-8.", { cause });
  }
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((child) => isDeeper(child, levels - 1));
}
