import { RivuletError } from "@rivulet/core";
import type * as z from "zod";
import { invalidInput } from "../http/failure.ts";
import { readJson, requireJsonType } from "../http/json-body.ts";
import type { Call } from "../router.ts";
import type { Api } from "./api.ts";
import { fieldsOf, type JsonSchema } from "./json-schema.ts";

/** The fields of a request, as the verb takes them. The verb checks their values. */
export type Input = Readonly<Record<string, unknown>>;

/** Reads the input of a request. */
export type DecodeInput = (api: Api, call: Call) => Promise<Input>;

/**
 * Makes the reader of an input. Texts of path and query become what the schema says: numbers, booleans (`true`, `1`,
 * `false`, `0`), and lists from repeated fields. Anything else stays text, which the verb refuses.
 */
export function inputDecoder(schema: z.ZodType, hasBody: boolean): DecodeInput {
  const fields = fieldsOf(schema);
  return async (api, call) => {
    const inPath = decodeTexts(call.params, fields, "path");
    requireJsonType(call.request);
    if (hasBody) refuseQuery(call.query);
    const others = hasBody ? await readObject(api, call) : decodeTexts(call.query, fields, "query");
    for (const name of Object.keys(inPath)) {
      if (Object.hasOwn(others, name)) throw invalidInput(name, "is in the address already");
    }
    return { ...others, ...inPath };
  };
}

/** For those that take no query. @throws RivuletError `invalid_argument` naming the first that is given */
export function refuseQuery(query: URLSearchParams): void {
  const [name] = query.keys();
  if (name !== undefined) throw invalidInput(`query.${name.slice(0, 100)}`, "is not known here");
}

/** Texts as the fields say. @throws RivuletError `invalid_argument` for one that is given more than once */
export function decodeTexts(
  texts: URLSearchParams,
  fields: ReadonlyMap<string, JsonSchema>,
  where: "path" | "query",
): Input {
  const names = [...new Set(texts.keys())];
  return Object.fromEntries(
    names.map((name) => {
      const field = { name: `${where}.${name.slice(0, 100)}`, ...fields.get(name) };
      return [name, convert(texts.getAll(name), field)];
    }),
  );
}

function convert(texts: readonly string[], { type, name }: JsonSchema): unknown {
  if (type === "array") return texts;
  const [text = "", another] = texts;
  if (another !== undefined) throw invalidInput(String(name), "is given more than once");
  if (type === "boolean") return toBoolean(text);
  return type === "integer" || type === "number" ? toNumber(text) : text;
}

function toNumber(text: string): number | string {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

function toBoolean(text: string): boolean | string {
  if (text === "true" || text === "1") return true;
  return text === "false" || text === "0" ? false : text;
}

async function readObject({ maxBodyBytes: limit }: Api, call: Call): Promise<Input> {
  const value = await readJson(call.request, { limit, context: call.context });
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  throw new RivuletError("invalid_argument", "The body must be a JSON object.", {
    details: { field: "body" },
  });
}
