import * as z from "zod";
import { copyJson, NotJson } from "./copy-json.ts";
import { recordSchema } from "./record-schema.ts";

/** A value that JSON can carry. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { readonly [key: string]: JsonValue };

/** Key → text, as in tags and params. */
export type StringMap = Readonly<Record<string, string>>;

const NAMED_NUMBERS = ["NaN", "Infinity", "-Infinity"] as const;

/** Schema of a number that may be NaN or infinite. JSON lacks these, so it spells them as strings, as MLflow does. */
export const namedNumberSchema: z.ZodType<number, number | (typeof NAMED_NUMBERS)[number]> =
  z.union(
    [z.number(), z.enum(NAMED_NUMBERS).transform(Number)],
    "must be a number, NaN, Infinity or -Infinity",
  );

/** A value as JSON text in which NaN and ±Infinity are spelt as strings. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "number" && !Number.isFinite(part) ? String(part) : part,
  );
}

/**
 * Schema of {@link JsonValue}. Returns a copy, and refuses whatever JSON would change (bytes, maps, NaN, class
 * instances), naming its path. A property that is `undefined` counts as absent.
 */
export const jsonValueSchema: z.ZodType<JsonValue> = z.unknown().transform(toJson);
/** Schema of {@link JsonObject}, with the same rules. */
export const jsonObjectSchema: z.ZodType<JsonObject> = recordSchema(
  z.string(),
  z.unknown(),
).transform(toJson<JsonObject>);

/** Final step of a schema that accepts free-form JSON: a checked copy, see {@link jsonValueSchema}. */
export function toJson<T extends JsonValue>(value: unknown, context: z.RefinementCtx): T {
  try {
    return copyJson(value) as T;
  } catch (error) {
    if (!(error instanceof NotJson)) throw error;
    context.addIssue({ code: "custom", path: [...error.path], message: error.problem });
    return z.NEVER;
  }
}

/** Schema of {@link StringMap}. */
export const stringMapSchema: z.ZodType<StringMap> = recordSchema(z.string(), z.string());
