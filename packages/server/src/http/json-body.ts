import { RivuletError } from "@rivulet/core";
import { type BodyRules, readBytes } from "./read-body.ts";
import { Refusal } from "./refusal.ts";

const MAX_DEPTH = 64;

/** Refuses bodies that are not said to be JSON: a form of another site cannot say so. */
export function requireJsonType(request: Request): void {
  requireContentType(request, ["application/json"]);
}

/** Refuses bodies of other media types; a request without a body needs none. @throws Refusal 415 */
export function requireContentType(request: Request, types: readonly string[]): void {
  const header = request.headers.get("content-type");
  if (header === null && request.body === null) return;
  const [type = ""] = (header ?? "").split(";");
  if (types.includes(type.trim().toLowerCase())) return;
  const names = types.map((name) => (name === "application/json" ? "JSON" : name)).join(" or ");
  throw new Refusal({
    status: 415,
    code: "invalid_argument",
    message: `The body must be ${names}, with the content type ${types.join(" or ")}.`,
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
