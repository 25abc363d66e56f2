import * as z from "zod";
import type { OpenApiDocument } from "./api.ts";
import { type Endpoint, namesIn } from "./endpoint.ts";
import { type JsonSchema, toJsonSchema } from "./json-schema.ts";
import { namedSchemas } from "./named-schemas.ts";

const COMPONENTS = "#/components/schemas/";

type SchemaOf = (schema: z.ZodType) => JsonSchema;

/** The table as an OpenAPI 3.1 document. */
export function createOpenApi(endpoints: readonly Endpoint[]): OpenApiDocument {
  const { schemas, schemaOf } = collectSchemas(endpoints);
  return {
    openapi: "3.1.1",
    info: {
      title: "Rivulet",
      version: "1",
      description: "Everything that Rivulet keeps.",
    },
    // Relative to this document, so that it is right under every mount path.
    servers: [{ url: "../v1" }],
    security: [{ bearer: [] }, { basic: [] }, {}],
    tags: [...new Set(endpoints.map(tagOf))].map((name) => ({ name })),
    paths: toPaths(endpoints, schemaOf),
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        basic: { type: "http", scheme: "basic", description: "The key is the password." },
      },
      responses: {
        Error: {
          description: "Why it was refused.",
          content: { "application/json": { schema: { $ref: `${COMPONENTS}Error` } } },
        },
      },
      schemas,
    },
  };
}

function toPaths(endpoints: readonly Endpoint[], schemaOf: SchemaOf): Record<string, object> {
  const paths: Record<string, Record<string, object>> = {};
  for (const endpoint of endpoints) {
    const path = endpoint.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = {
      ...paths[path],
      [endpoint.method.toLowerCase()]: describe(endpoint, schemaOf),
    };
  }
  return paths;
}

function describe(endpoint: Endpoint, schemaOf: SchemaOf): object {
  const { id, summary, access, path, input, body, output } = endpoint;
  const schema = toJsonSchema(input);
  const names = Object.keys(schema.properties ?? {});
  const inPath = names.filter((name) => namesIn(path).includes(name));
  const others = names.filter((name) => !inPath.includes(name));
  return {
    operationId: id,
    summary,
    description: `Needs \`${access}\` access.`,
    "x-access": access,
    tags: [tagOf(endpoint)],
    parameters: [
      ...toParameters(schema, inPath, "path"),
      ...(body === "json" ? [] : toParameters(schema, others, "query")),
    ],
    ...(body === "none" ? {} : { requestBody: { content: toBody(schema, others, body) } }),
    responses: {
      ...toResponse(output, schemaOf),
      default: { $ref: "#/components/responses/Error" },
    },
  };
}

function toParameters(
  { properties = {}, required = [] }: JsonSchema,
  names: readonly string[],
  where: "path" | "query",
): readonly object[] {
  return names.map((name) => {
    const { description, ...schema } = properties[name] ?? {};
    const isRequired = where === "path" || required.includes(name);
    return { name, in: where, description, required: isRequired, schema };
  });
}

function toBody(
  schema: JsonSchema,
  names: readonly string[],
  body: "json" | "bytes",
): Record<string, object> {
  if (body === "bytes") return { "application/octet-stream": {} };
  const { properties = {}, required = [] } = schema;
  const object = {
    ...schema,
    properties: Object.fromEntries(names.map((name) => [name, properties[name]])),
    required: required.filter((name) => names.includes(name)),
  };
  return { "application/json": { schema: object } };
}

function toResponse(output: Endpoint["output"], schemaOf: SchemaOf): Record<string, object> {
  if (output === "bytes") {
    return { "200": { description: "The file.", content: { "application/octet-stream": {} } } };
  }
  const isVoid = output instanceof z.ZodVoid;
  const nothing = { "204": { description: "Done; there is nothing to say." } };
  if (isVoid) return nothing;
  const inner = output instanceof z.ZodOptional ? (output.unwrap() as z.ZodType) : output;
  const content = { "application/json": { schema: schemaOf(inner) } };
  return { "200": { description: "Done.", content }, ...(inner === output ? {} : nothing) };
}

/** Every schema once, by name: the domain's under their own, the others under their operation's. */
function collectSchemas(endpoints: readonly Endpoint[]): {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly schemaOf: SchemaOf;
} {
  const registry = z.registry<{ id: string }>();
  const add = (schema: z.ZodType, id: string): void => {
    if (!registry.has(schema)) registry.add(schema, { id });
  };
  for (const [id, schema] of Object.entries(namedSchemas)) add(schema, id);
  for (const { id, output } of endpoints) {
    if (output === "bytes" || output instanceof z.ZodVoid || output instanceof z.ZodOptional)
      continue;
    add(
      output,
      `${id.replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase())}Result`,
    );
  }
  const { schemas } = z.toJSONSchema(registry, { io: "input", uri: (id) => COMPONENTS + id });
  return {
    schemas: Object.fromEntries(
      Object.entries(schemas).map(([id, { $schema: _, $id: __, ...schema }]) => [
        id,
        schema as JsonSchema,
      ]),
    ),
    schemaOf: (schema) => ({ $ref: COMPONENTS + (registry.get(schema)?.id ?? "") }),
  };
}

function tagOf({ id }: Endpoint): string {
  return id.slice(0, id.indexOf("."));
}
