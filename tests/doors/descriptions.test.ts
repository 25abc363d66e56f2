import { createRivulet, type Operation } from "@rivulet/core";
import { operations } from "@rivulet/core/operations";
import { afterAll, beforeAll, expect, test } from "vitest";
import * as z from "zod";
import { aRivulet, connect } from "../mcp/connect.ts";
import { anApi } from "../server/api-client.ts";
import { runLine } from "./command-line.ts";
import { PASSAGES } from "./mcp-door.ts";
import { operationOf } from "./operation-of.ts";

/** The parts of a JSON schema that hold fields, and what is said of them. */
interface Schema {
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

function schemaOf({ input }: Operation): Schema {
  return z.toJSONSchema(input, { io: "input", unrepresentable: "any" }) as Schema;
}

/** Name → description of an operation's fields. */
function descriptionsOf(operation: Operation): Readonly<Record<string, string | undefined>> {
  const fields = Object.entries(schemaOf(operation).properties ?? {});
  return Object.fromEntries(fields.map(([name, { description }]) => [name, description]));
}

/** Places of fields, in lists and objects too, of which nothing is said. */
function undescribed(schema: Schema, place: string): readonly string[] {
  const { properties = {}, items, anyOf = [] } = schema;
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [
      ...((field.description ?? "") === "" ? [`${place}.${name}`] : []),
      ...undescribed(field, `${place}.${name}`),
    ]),
    ...(items === undefined ? [] : undescribed(items, `${place}[]`)),
    ...anyOf.flatMap((one) => undescribed(one, place)),
  ];
}

test("every field of every operation is described", () => {
  expect(operations.length).toBeGreaterThan(50);
  expect(operations.flatMap((one) => undescribed(schemaOf(one), one.id))).toEqual([]);
});

test("descriptions are short phrases, without a full stop", () => {
  const all = operations.flatMap((operation) => Object.values(descriptionsOf(operation)));
  const odd = [...new Set(all)].filter((text = "") => !/^\S.{2,89}[^.]$/.test(text));
  expect(odd).toEqual([]);
});

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
}

interface OpenApiOperation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly description?: string }[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema?: Schema }>>;
  };
}

function toldByOpenApi({ parameters, requestBody }: OpenApiOperation): object {
  const { properties = {} } = requestBody?.content["application/json"]?.schema ?? {};
  return Object.fromEntries([
    ...parameters.map(({ name, description }) => [name, description]),
    ...Object.entries(properties).map(([name, { description }]) => [name, description]),
  ]);
}

test("the OpenAPI document describes the fields of every operation in the same words", async () => {
  const { body } = await (await anApi()).call("GET /openapi.json");
  const all = Object.values((body as OpenApi).paths).flatMap((methods) => Object.values(methods));
  const told = new Map(all.map((one) => [one.operationId, toldByOpenApi(one)]));
  for (const operation of operations)
    expect({ id: operation.id, told: told.get(operation.id) }).toEqual({
      id: operation.id,
      told: descriptionsOf(operation),
    });
});

test("the OpenAPI document describes every parameter, of files too", async () => {
  const { body } = await (await anApi()).call("GET /openapi.json");
  const all = Object.values((body as OpenApi).paths).flatMap((methods) => Object.values(methods));
  const silent = all.flatMap(({ operationId, parameters }) =>
    parameters.filter(({ description = "" }) => description === "").map(() => operationId),
  );
  expect(silent).toEqual([]);
});

test("every tool describes its arguments, those of its operation in the same words", async () => {
  const client = await connect(aRivulet(), { allowWrites: true });
  const { tools } = await client.listTools();
  const inputs = new Map(tools.map(({ name, inputSchema }) => [name, inputSchema as Schema]));
  expect([...inputs].flatMap(([name, input]) => undescribed(input, name))).toEqual([]);
  for (const [id, { tool, isPart }] of PASSAGES) {
    if (isPart === true) continue;
    const told = Object.entries(inputs.get(tool)?.properties ?? {});
    // Where the tool has a default of its own, it stands for core's.
    const descriptions = told.map(([name, { description, default: ownDefault }]) => [
      name,
      ownDefault === undefined ? description : expect.stringContaining(description ?? ""),
    ]);
    const said = descriptionsOf(operationOf(id));
    expect({ tool, said }).toEqual({
      tool,
      said: Object.fromEntries(descriptions.filter(([name]) => Object.hasOwn(said, name))),
    });
  }
});

const rivulet = createRivulet({ store: "memory:" });
beforeAll(() => rivulet.runs.count());
afterAll(() => rivulet.close());

test.each(operations)("the help of $id says of every field what the schema says", async (one) => {
  const words = one.id.split(".").map((word) => word.replaceAll(/[A-Z]/g, "-$&").toLowerCase());
  const { stdout } = await runLine(rivulet, [...words, "--help"]);
  const help = stdout.replaceAll(/\s+/g, " ").toLowerCase();
  for (const description of Object.values(descriptionsOf(one)))
    expect(help).toContain(description?.toLowerCase());
});
