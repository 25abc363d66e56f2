import * as z from "zod";

/** The parts of a JSON schema that we look at. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly [keyword: string]: unknown;
}

/** A zod schema as JSON schema, for what goes in. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
  }) as JsonSchema;
  return jsonSchema;
}

const known = new WeakMap<z.ZodType, ReadonlyMap<string, JsonSchema>>();

/** The fields of an object's schema, by name. Worked out when first asked for: at import it would cost every app. */
export function fieldsOf(schema: z.ZodType): ReadonlyMap<string, JsonSchema> {
  const fields =
    known.get(schema) ?? new Map(Object.entries(toJsonSchema(schema).properties ?? {}));
  known.set(schema, fields);
  return fields;
}
