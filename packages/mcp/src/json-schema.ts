import * as z from "zod";

/** The parts of a JSON schema that tools look at. */
export interface JsonSchema {
  readonly type: "object";
  readonly properties?: Readonly<Record<string, Property>>;
  readonly [keyword: string]: unknown;
}

/** One field. */
interface Property {
  readonly description?: string;
  readonly [keyword: string]: unknown;
}

/** What hosts and models can do without: core refuses what is too long or empty, and says so. */
const LEFT_OUT = [
  "propertyNames",
  "minLength",
  "maxLength",
  "minItems",
  "maxItems",
  "pattern",
] as const;

/** A schema of arguments as JSON schema, with what models need. */
export function toJsonSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema: part }) => {
      for (const keyword of LEFT_OUT) delete part[keyword];
      // The bounds of every safe integer.
      if (part.maximum === Number.MAX_SAFE_INTEGER) delete part.maximum;
      if (part.minimum === Number.MIN_SAFE_INTEGER) delete part.minimum;
    },
  });
  return rest as JsonSchema;
}

/** The schema with other defaults than core's, which its descriptions name. */
export function withDefaults(
  schema: JsonSchema,
  defaults: Readonly<Record<string, unknown>>,
): JsonSchema {
  const { properties = {} } = schema;
  const entries = Object.entries(properties).map(([name, property]) =>
    Object.hasOwn(defaults, name)
      ? [name, { ...property, ...ownDefault(property, defaults[name]) }]
      : [name, property],
  );
  return { ...schema, properties: Object.fromEntries(entries) };
}

function ownDefault({ description = "" }: Property, value: unknown): Property {
  return { description: description.replace(/; default .*$/, ""), default: value };
}
