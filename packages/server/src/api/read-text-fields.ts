import type * as z from "zod";
import { invalidInput } from "../http/failure.ts";
import { checkInput } from "./check-input.ts";
import { fieldsOf, type JsonSchema } from "./json-schema.ts";

/** Reads the fields of a query string or path. @throws RivuletError `invalid_argument` */
export type ReadTextFields<T> = (fields: URLSearchParams) => T;

/**
 * Makes the reader of a schema. Texts become what the schema says: numbers, booleans (`true`, `1`, `false`,
 * `0`), and lists from repeated fields.
 *
 * @param where `path` or `query`
 */
export function textFieldReader<T>(schema: z.ZodType<T>, where: string): ReadTextFields<T> {
  const known = fieldsOf(schema);
  return (fields) => {
    for (const name of fields.keys()) {
      if (!known.has(name))
        throw invalidInput(`${where}.${name.slice(0, 100)}`, "is not known here");
    }
    const entries = [...known]
      .filter(([name]) => fields.has(name))
      .map(
        ([name, kind]) => [name, convert(fields.getAll(name), kind, `${where}.${name}`)] as const,
      );
    return checkInput(schema, Object.fromEntries(entries), where);
  };
}

function convert(texts: readonly string[], { type }: JsonSchema, field: string): unknown {
  if (type === "array") return texts;
  const [text = "", another] = texts;
  if (another !== undefined) throw invalidInput(field, "is given more than once");
  if (type === "boolean") return toBoolean(text);
  return type === "integer" || type === "number" ? toNumber(text) : text;
}

/** What is no number stays text, and the schema says so. */
function toNumber(text: string): number | string {
  return /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}

function toBoolean(text: string): boolean | string {
  if (text === "true" || text === "1") return true;
  return text === "false" || text === "0" ? false : text;
}
