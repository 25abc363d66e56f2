import * as z from "zod";
import { copyJson, NotJson } from "./copy-json.ts";

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

/** Key → text, as tags and params are. */
export type StringMap = Readonly<Record<string, string>>;

const NAMED_NUMBERS = ["NaN", "Infinity", "-Infinity"] as const;

/** Schema of a number that may be NaN or infinite. JSON has no such numbers: there they are named, as MLflow does. */
export const namedNumberSchema: z.ZodType<number, number | (typeof NAMED_NUMBERS)[number]> =
  z.union([z.number(), z.enum(NAMED_NUMBERS).transform(Number)]);

/** A value as JSON text in which NaN and the infinities are named. */
export function jsonText(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === "number" && !Number.isFinite(part) ? String(part) : part,
  );
}

/**
 * Schema of {@link JsonValue}. It makes a copy, and refuses with its place what JSON would change: bytes, maps, NaN,
 * instances of classes. A property that is `undefined` counts as left out.
 */
export const jsonValueSchema: z.ZodType<JsonValue> = z.unknown().transform(toJson);
/** Schema of {@link JsonObject}, with the same rules. */
export const jsonObjectSchema: z.ZodType<JsonObject> = z
  .record(z.string(), z.unknown())
  .transform(toJson<JsonObject>);

/** The last step of a schema whose rest is free JSON: a copy of what it checked, see {@link jsonValueSchema}. */
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
export const stringMapSchema: z.ZodType<StringMap> = z.record(z.string(), z.string());
