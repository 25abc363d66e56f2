import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import { anApi } from "./api-client.ts";
import { readTable } from "./operation-table.ts";

/** The contract with the dashboard and with everybody's programs. */
const CONTRACT = `
POST /experiments write
GET /experiments/{id} read
GET /experiments/find read
POST /experiments/ensure write
GET /experiments read
PATCH /experiments/{id} write
DELETE /experiments/{id} write
POST /experiments/{id}/restore write
POST /experiments/purge admin
POST /runs write
GET /runs/{id} read
GET /runs read
GET /runs/count read
GET /runs/export read
GET /runs/export-metrics read
POST /runs/export read
POST /runs/export-metrics read
POST /runs/child-summaries read
POST /runs/compare read
PATCH /runs/{id} write
DELETE /runs/{id} write
POST /runs/{id}/restore write
POST /runs/update-many write
POST /runs/delete-many write
POST /runs/restore-many write
POST /runs/purge admin
POST /runs/{runId}/batch write
GET /runs/{runId}/metric-history read
GET /metric-series read
GET /metric-summaries read
GET /run-owners read
GET /run-groups read
GET /run-keys read
GET /run-values read
GET /runs/{runId}/artifacts read
GET /runs/{runId}/artifact read
PUT /runs/{runId}/artifact write
PUT /traces/{id}/pin annotate
DELETE /runs/{runId}/artifact write
GET /runs/{runId}/artifact-folder read
GET /runs/{runId}/artifact-zip read
POST /models write
GET /model-history read
GET /model-versions/{reference}/file read
GET /model-versions/{reference}/files read
GET /model-versions/{reference}/gates read
GET /model-versions/{reference}/lineage read
GET /model-versions/{reference}/zip read
POST /model-versions/copy write
POST /models/{name}/aliases/{alias}/roll-back write
POST /models/{name}/rename write
PUT /models/{name}/gates write
PUT /models/{name}/versions/{version}/stage write
GET /models/{name} read
GET /models read
PATCH /models/{name} write
DELETE /models/{name} write
POST /models/{name}/versions write
GET /model-versions/{reference} read
GET /model-versions read
PATCH /models/{name}/versions/{version} write
DELETE /models/{name}/versions/{version} write
PUT /models/{name}/aliases/{alias} write
DELETE /models/{name}/aliases/{alias} write
GET /prompts/{name} read
GET /prompts read
PATCH /prompts/{name} write
DELETE /prompts/{name} write
PUT /prompts/{name}/aliases/{alias} write
PUT /prompts/{name}/splits/{alias} write
DELETE /prompts/{name}/aliases/{alias} write
POST /prompts/{name}/versions write
GET /prompt-versions/{reference} read
POST /prompt-versions/{reference}/render read
GET /prompts/{name}/versions read
GET /traces/{id} read
GET /traces read
GET /traces/count read
GET /traces/errors read
GET /trace-keys read
GET /trace-values read
GET /traces/count-unindexed read
GET /traces/aggregate read
GET /traces/{traceId}/attachments read
GET /attachments/{hash} read
GET /traces/{traceId}/spans read
GET /traces/{traceId}/span-bodies read
GET /traces/{traceId}/spans/{spanId} read
PATCH /traces/{id} write
POST /traces/update-many write
POST /traces/delete write
POST /traces/delete-found write
POST /traces/prune admin
POST /traces/{traceId}/feedback annotate
POST /traces/{traceId}/expectations annotate
GET /assessments read
DELETE /assessments/{id} annotate
POST /datasets write
GET /datasets/{name} read
GET /datasets read
PATCH /datasets/{name} write
DELETE /datasets/{name} write
GET /datasets/{name}/records read
POST /datasets/{name}/records write
POST /datasets/{name}/traces write
POST /datasets/{name}/records/delete write
GET /evaluations/{id} read
GET /evaluations read
GET /evaluations/{evaluationId}/rows read
GET /evaluations/{evaluationId}/rows/{rowId} read
GET /evaluations/compare read
POST /views write
GET /views/{id} read
GET /views read
PATCH /views/{id} write
DELETE /traces/{id}/pin annotate
DELETE /views/{id} write
POST /webhooks admin
GET /webhooks admin
GET /webhooks/{id} admin
PATCH /webhooks/{id} admin
DELETE /webhooks/{id} admin
POST /webhooks/{id}/test admin
GET /webhooks/{webhookId}/deliveries admin
GET /stats read
GET /store read
POST /runs/{runId}/inputs write
GET /runs/{runId}/inputs read
GET /input-datasets read
POST /logged-models write
GET /logged-models/{id} read
POST /logged-models/search read
PATCH /logged-models/{id} write
DELETE /logged-models/{id} write
POST /logged-models/{id}/restore write
GET /sessions read
GET /sessions/{id} read
GET /sessions/{sessionId}/turns read
GET /users read
GET /users/{id} read
GET /me read
GET /openapi.json read
`;

it("the document names every operation of the contract with its access, and no other", async () => {
  const api = await anApi();
  const table = await readTable(api);
  const lines = table.map(({ method, path, access }) => `${method} ${path} ${access}`);
  expect(lines.sort()).toEqual(CONTRACT.trim().split("\n").sort());
});

it("the document promises that names are not blank", async () => {
  const api = await anApi();
  const { body } = await api.call("GET /openapi.json");
  const content = {
    "application/json": { schema: { properties: { name: { type: "string", pattern: "\\S" } } } },
  };
  expect(body).toMatchObject({ paths: { "/experiments": { post: { requestBody: { content } } } } });
  expect(await api.call("POST /experiments", { name: " \t\n" })).toMatchObject({
    status: 400,
    body: { error: { message: expect.stringContaining("experiment.name: must not be empty") } },
  });
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
    { name: "fromStep", in: "query", required: false, schema: { type: "integer" } },
    { name: "toStep", in: "query", required: false, schema: { type: "integer" } },
  ]);
});
