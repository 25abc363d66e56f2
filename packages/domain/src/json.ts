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

/** Schema of {@link JsonValue}. */
export const jsonValueSchema: z.ZodType<JsonValue> = z.json();
/** Schema of {@link JsonObject}. */
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), jsonValueSchema);
/** Schema of {@link StringMap}. */
export const stringMapSchema: z.ZodType<StringMap> = z.record(z.string(), z.string());
