import * as z from "zod";
import type { OpenApiDocument } from "./api.ts";
import { fieldsOf, type JsonSchema, toJsonSchema } from "./json-schema.ts";
import { namedSchemas } from "./named-schemas.ts";
import { bytes, download, type Operation } from "./operation.ts";

const COMPONENTS = "#/components/schemas/";

type SchemaOf = (schema: z.ZodType) => JsonSchema;

/** The table as an OpenAPI 3.1 document. */
export function createOpenApi(operations: readonly Operation[]): OpenApiDocument {
  const { schemas, schemaOf } = collectSchemas(operations);
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
    tags: [...new Set(operations.map(tagOf))].map((name) => ({ name })),
    paths: toPaths(operations, schemaOf),
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

function toPaths(operations: readonly Operation[], schemaOf: SchemaOf): Record<string, object> {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of operations) {
    const path = operation.path.replaceAll(/:(\w+)/g, "{$1}");
    paths[path] = {
      ...paths[path],
      [operation.method.toLowerCase()]: describe(operation, schemaOf),
    };
  }
  return paths;
}

function describe(operation: Operation, schemaOf: SchemaOf): object {
  const { id, summary, access, params, query, body, output } = operation;
  return {
    operationId: id,
    summary,
    description: `Needs \`${access}\` access.`,
    "x-access": access,
    tags: [tagOf(operation)],
    parameters: [...toParameters(params, "path"), ...toParameters(query, "query")],
    ...(body === undefined ? {} : { requestBody: { content: toContent(body, schemaOf) } }),
    responses: {
      "200": { description: "Done.", content: toContent(output, schemaOf) },
      default: { $ref: "#/components/responses/Error" },
    },
  };
}

function toParameters(schema: z.ZodType, where: "path" | "query"): readonly object[] {
  const required = new Set(toJsonSchema(schema).required);
  return [...fieldsOf(schema)].map(([name, field]) => ({
    name,
    in: where,
    required: required.has(name),
    schema: field,
  }));
}

function toContent(schema: z.ZodType, schemaOf: SchemaOf): object {
  return isBinary(schema)
    ? { "application/octet-stream": {} }
    : { "application/json": { schema: schemaOf(schema) } };
}

function isBinary(schema: z.ZodType): boolean {
  return Object.is(schema, bytes) || Object.is(schema, download);
}

/** Every schema once, by name: the domain's under their own, the others under their operation's. */
function collectSchemas(operations: readonly Operation[]): {
  readonly schemas: Readonly<Record<string, JsonSchema>>;
  readonly schemaOf: SchemaOf;
} {
  const registry = z.registry<{ id: string }>();
  const add = (schema: z.ZodType | undefined, id: string): void => {
    if (schema === undefined || isBinary(schema) || registry.has(schema)) return;
    registry.add(schema, { id });
  };
  for (const [id, schema] of Object.entries(namedSchemas)) add(schema, id);
  for (const { id, body, output } of operations) {
    const name = id.replaceAll(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase());
    add(body, `${name}Body`);
    add(output, `${name}Result`);
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

function tagOf({ id }: Operation): string {
  return id.slice(0, id.indexOf("."));
}
