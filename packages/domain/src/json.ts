import * as z from "zod";

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

/** Schema of {@link JsonValue}. */
export const jsonValueSchema: z.ZodType<JsonValue> = z.json();
/** Schema of {@link JsonObject}. */
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), jsonValueSchema);
/** Schema of {@link StringMap}. */
export const stringMapSchema: z.ZodType<StringMap> = z.record(z.string(), z.string());
