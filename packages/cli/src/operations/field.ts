import * as z from "zod";

/** The parts of a JSON schema that the command line looks at. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/**
 * How a field is written on the command line: `text`, `number` and `flag` as they are; `texts` is a list of text, given
 * once for each; `list` the same with JSON; `map` is `key=value`, given once for each, or JSON; `mixed` is text or JSON.
 */
export type FieldKind = "text" | "number" | "flag" | "texts" | "list" | "map" | "json" | "mixed";

/** A field of an operation's input. */
export interface Field {
  /** As in the input: `pageToken`. */
  readonly name: string;
  readonly kind: FieldKind;
  readonly isRequired: boolean;
  readonly schema: JsonSchema;
}

/** The fields of an operation's input, in their order. */
export function fieldsOf(input: z.ZodType): readonly Field[] {
  const { properties = {}, required = [] } = z.toJSONSchema(input, {
    io: "input",
    unrepresentable: "any",
  }) as JsonSchema;
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    kind: kindOf(schema),
    isRequired: required.includes(name),
    schema,
  }));
}

function kindOf(schema: JsonSchema): FieldKind {
  if (schema.type === "string") return "text";
  if (schema.type === "number" || schema.type === "integer") return "number";
  if (schema.type === "boolean") return "flag";
  if (schema.type === "array") return takesText(schema.items) ? "texts" : "list";
  if (schema.type === "object") return schema.properties === undefined ? "map" : "json";
  return takesText(schema) ? "mixed" : "json";
}

/** Whether text is one of the types that a schema lets through. */
function takesText(schema: JsonSchema = {}): boolean {
  const { type, anyOf } = schema;
  if (anyOf !== undefined) return anyOf.some(takesText);
  return type === undefined || type === "string";
}
