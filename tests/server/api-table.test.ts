import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import { anApi } from "./api-client.ts";
import { readTable } from "./operation-table.ts";

/** The contract with the dashboard and with everybody's programs. */
const CONTRACT = `
GET /experiments read
POST /experiments write
GET /experiments/{id} read
PATCH /experiments/{id} write
DELETE /experiments/{id} write
POST /experiments/{id}/restore write
GET /runs read
POST /runs write
GET /runs/{id} read
PATCH /runs/{id} write
DELETE /runs/{id} write
POST /runs/{id}/restore write
POST /runs/{id}/batch write
GET /runs/{id}/metric-history read
GET /metric-series read
GET /run-keys read
GET /runs/{id}/artifacts read
GET /runs/{id}/artifact read
PUT /runs/{id}/artifact write
GET /models read
POST /models write
GET /models/{name} read
PATCH /models/{name} write
DELETE /models/{name} write
GET /model-versions read
POST /models/{name}/versions write
GET /models/{name}/versions/{version} read
PATCH /models/{name}/versions/{version} write
DELETE /models/{name}/versions/{version} write
PUT /models/{name}/aliases/{alias} write
DELETE /models/{name}/aliases/{alias} write
GET /prompts read
GET /prompts/{name} read
PATCH /prompts/{name} write
DELETE /prompts/{name} write
GET /prompts/{name}/versions read
POST /prompts/{name}/versions write
GET /prompts/{name}/versions/{version} read
PUT /prompts/{name}/aliases/{alias} write
DELETE /prompts/{name}/aliases/{alias} write
POST /prompts/{name}/versions/{version}/render read
GET /traces read
GET /traces/{id} read
PATCH /traces/{id} write
DELETE /traces/{id} write
GET /traces/{id}/spans read
GET /traces/{id}/spans/{spanId} read
GET /traces/{id}/assessments read
POST /traces/{id}/assessments annotate
DELETE /assessments/{id} annotate
GET /datasets read
POST /datasets write
GET /datasets/{name} read
PATCH /datasets/{name} write
DELETE /datasets/{name} write
GET /datasets/{name}/records read
POST /datasets/{name}/records write
POST /datasets/{name}/traces write
POST /datasets/{name}/records/delete write
GET /evaluations read
GET /evaluations/{id} read
GET /evaluations/{id}/rows read
GET /evaluations/compare read
GET /stats read
GET /me read
GET /openapi.json read
`;

it("the document names every operation of the contract with its access, and no other", async () => {
  const api = await anApi();
  const table = await readTable(api);
  const lines = table.map(({ method, path, access }) => `${method} ${path} ${access}`);
  expect(lines.sort()).toEqual(CONTRACT.trim().split("\n").sort());
});

it("the document is valid OpenAPI 3.1, and every reference in it leads somewhere", async () => {
  const api = await anApi();
  const { body } = await api.call("GET /openapi.json");
  const validator = new Validator();
  expect(await validator.validate(structuredClone(body) as Record<string, unknown>)).toEqual({
    valid: true,
  });
  expect(validator.version).toBe("3.1");

  const { components } = body as { components: { schemas: object; responses: object } };
  const names = new Set([
    ...Object.keys(components.schemas).map((name) => `#/components/schemas/${name}`),
    ...Object.keys(components.responses).map((name) => `#/components/responses/${name}`),
  ]);
  const references = [...JSON.stringify(body).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
  expect(references.length).toBeGreaterThan(100);
  expect(references.filter((reference) => !names.has(reference ?? ""))).toEqual([]);
});

it("query parameters are described with their types, and marked where they must be given", async () => {
  const api = await anApi();
  const table = await readTable(api);
  const series = table.find(({ path }) => path === "/metric-series");
  expect(series?.parameters).toMatchObject([
    { name: "runIds", in: "query", required: true, schema: { type: "array" } },
    { name: "keys", in: "query", required: true, schema: { type: "array" } },
    { name: "maxPoints", in: "query", required: false, schema: { type: "integer" } },
    { name: "smoothing", in: "query", required: false, schema: { type: "number", maximum: 0.99 } },
  ]);
});
