import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRivulet, type JsonValue, openStore, type ScorerInput } from "@rivulet/core";
import { hexId } from "@rivulet/core/testing";
import { describe, expect, it, onTestFinished } from "vitest";
import { type ApiClient, anApi, apiOf, aRivulet, START, STORES } from "./api-client.ts";

const RUN = hexId(1);
const TRACE = hexId(1);

describe.each(STORES)("on %s", (store) => {
  it("experiments are created, found, renamed, hidden and brought back", async () => {
    const { call } = await anApi(store);
    expect((await call("POST /experiments", { name: "iris", tags: { team: "a" } })).body).toEqual({
      id: "1",
      name: "iris",
      lifecycleStage: "active",
      createdAt: START,
      updatedAt: START,
      tags: { team: "a" },
      metrics: {},
    });
    await call("PATCH /experiments/1", { name: "flowers", tags: { x: "1" }, removeTags: ["team"] });
    expect((await call("GET /experiments/1")).body).toMatchObject({
      name: "flowers",
      tags: { x: "1" },
    });
    expect((await call("DELETE /experiments/1")).body).toMatchObject({ lifecycleStage: "deleted" });
    expect(namesOf(await call("GET /experiments"))).toEqual(["Default"]);
    expect(namesOf(await call("GET /experiments?lifecycle=deleted"))).toEqual(["flowers"]);
    expect((await call("POST /experiments/1/restore")).body).toMatchObject({
      lifecycleStage: "active",
    });
    const filter = encodeURIComponent("name LIKE 'flow%'");
    expect(namesOf(await call(`GET /experiments?filter=${filter}`))).toEqual(["flowers"]);
  });

  it("runs are started, logged to, read as pages and curves, and ended", async () => {
    const { call } = await anApi(store);
    expect(
      (await call("POST /runs", { experiment: "iris", name: "one", params: { depth: 3 } })).body,
    ).toMatchObject({ id: RUN, experimentId: "1", name: "one", params: { depth: "3" } });
    const batch = {
      metrics: [0, 1, 2].map((step) => ({ key: "loss", value: 1 / (step + 1), step })),
      tags: { stage: "fit" },
    };
    expect(await call(`POST /runs/${RUN}/batch`, batch)).toMatchObject({ status: 204, body: "" });
    await call(`PATCH /runs/${RUN}`, { status: "finished", endTime: START + 5 });
    expect((await call(`GET /runs/${RUN}`)).body).toMatchObject({
      status: "finished",
      endTime: START + 5,
      tags: { stage: "fit" },
      metrics: { loss: 1 / 3 },
    });

    const first = (await call(`GET /runs/${RUN}/metric-history?key=loss&limit=2`)).body as Paged;
    expect(first.items).toMatchObject([{ step: 0 }, { step: 1 }]);
    const token = encodeURIComponent(first.nextPageToken ?? "");
    const rest = await call(`GET /runs/${RUN}/metric-history?key=loss&limit=2&pageToken=${token}`);
    expect(rest.body).toMatchObject({ items: [{ step: 2, value: 1 / 3 }] });
    expect(
      (await call(`GET /metric-series?runIds=${RUN}&runIds=none&keys=loss&smoothing=0.5`)).body,
    ).toMatchObject([{ runId: RUN, key: "loss", steps: [0, 1, 2], total: 3 }]);
    expect((await call("GET /run-keys?experimentIds=1")).body).toEqual({
      metrics: ["loss"],
      params: ["depth"],
      tags: ["stage"],
    });
  });

  it("runs are searched by filter, order, experiment and life cycle", async () => {
    const { call } = await anApi(store);
    for (const [name, loss] of [
      ["a", 0.3],
      ["b", 0.1],
      ["c", 0.2],
    ] as const) {
      const { body } = await call("POST /runs", { experiment: "iris", name });
      const { id } = body as { id: string };
      await call(`POST /runs/${id}/batch`, { metrics: [{ key: "loss", value: loss }] });
    }
    const filter = encodeURIComponent("metrics.loss < 0.25");
    const order = encodeURIComponent("metrics.loss DESC");
    const path = `GET /runs?experimentIds=1&experimentIds=7&filter=${filter}&orderBy=${order}`;
    expect(namesOf(await call(path))).toEqual(["c", "b"]);
    expect(namesOf(await call("GET /runs?experimentIds=7"))).toEqual([]);
    await call(`DELETE /runs/${hexId(2)}`);
    expect(namesOf(await call("GET /runs?lifecycle=deleted"))).toEqual(["b"]);
    await call(`POST /runs/${hexId(2)}/restore`);
    expect(namesOf(await call("GET /runs?lifecycle=all")).sort()).toEqual(["a", "b", "c"]);
  });

  it("models have versions, aliases and descriptions", async () => {
    const { call } = await anApi(store);
    await call("POST /models", { name: "iris tree", description: "A tree." });
    const model = `/models/${encodeURIComponent("iris tree")}`;
    expect(
      (await call(`POST ${model}/versions`, { source: "notebook 7", aliases: ["best"] })).body,
    ).toMatchObject({ name: "iris tree", version: 1, aliases: ["best"], source: "notebook 7" });
    await call(`POST ${model}/versions`, {});
    expect(await call(`PUT ${model}/aliases/best`, { version: 2 })).toMatchObject({ status: 204 });
    await call(`PUT ${model}/aliases/old`, { version: 1 });
    await call(`DELETE ${model}/aliases/old`);
    await call(`PATCH ${model}`, { description: "Two trees." });
    expect((await call(`GET ${model}`)).body).toMatchObject({
      description: "Two trees.",
      latestVersion: 2,
      aliases: { best: 2 },
    });
    await call(`PATCH ${model}/versions/2`, { tags: { checked: "yes" } });
    const version = (reference: string): string =>
      `GET /model-versions/${encodeURIComponent(`iris tree@${reference}`)}`;
    expect((await call(version("best"))).body).toMatchObject({
      tags: { checked: "yes" },
      aliases: ["best"],
    });
    const versions = await call("GET /model-versions?orderBy=version%20ASC");
    expect(versions.body).toMatchObject({ items: [{ version: 1 }, { version: 2 }] });
    await call(`DELETE ${model}/versions/1`);
    expect((await call(version("1"))).status).toBe(404);
    expect(namesOf(await call("GET /models"))).toEqual(["iris tree"]);
    await call(`DELETE ${model}`);
    expect((await call(`GET ${model}`)).status).toBe(404);
  });

  it("prompts have versions, aliases that compare before they move, and can be rendered", async () => {
    const { call } = await anApi(store);
    const template = [{ role: "user", content: "Greet {{name}}." }];
    expect(
      (await call("POST /prompts/greet/versions", { template, commitMessage: "first" })).body,
    ).toMatchObject({ name: "greet", version: 1, type: "chat", variables: ["name"] });
    expect((await call("POST /prompts/greet/versions", { template })).body).toMatchObject({
      version: 1,
    });
    await call("POST /prompts/greet/versions", { template: "Hi {{name}}" });
    const both = [
      { version: 1, weight: 3 },
      { version: 2, weight: 1 },
    ];
    const split = "/prompts/greet/splits/production";
    expect((await call(`PUT ${split}`, { arms: both, expected: null })).status).toBe(204);
    expect((await call(`PUT ${split}`, { arms: both, expected: null })).body).toMatchObject({
      error: { code: "conflict" },
    });
    expect((await call("GET /prompts/greet")).body).toMatchObject({
      latestVersion: 2,
      aliases: { production: both },
    });
    expect(
      (await call("POST /prompt-versions/greet@1/render", { values: { name: "Ann" } })).body,
    ).toEqual({ messages: [{ role: "user", content: "Greet Ann." }] });
    expect(
      (await call("POST /prompt-versions/greet@2/render", { values: { name: "Ann" } })).body,
    ).toEqual({ messages: [{ role: "user", content: "Hi Ann" }], text: "Hi Ann" });
    expect((await call("POST /prompt-versions/greet@1/render")).body).toMatchObject({
      error: { code: "invalid_argument", message: expect.stringContaining("name") },
    });
    expect((await call("GET /prompts/greet/versions?limit=1")).body).toMatchObject({
      items: [{ version: 2 }],
    });
    const version = (await call("GET /prompt-versions/greet@2")).body;
    expect(Object.keys(version as object).sort()).toEqual([
      "aliases",
      "commitMessage",
      "config",
      "contentHash",
      "createdAt",
      "name",
      "ref",
      "tags",
      "template",
      "type",
      "variables",
      "version",
    ]);
    await call("PATCH /prompts/greet", { description: "Says hello." });
    expect((await call("GET /prompts")).body).toMatchObject({
      items: [{ name: "greet", description: "Says hello." }],
    });
    await call("PUT /prompts/greet/aliases/production", { version: 1 });
    expect((await call("GET /prompts/greet")).body).toMatchObject({
      aliases: { production: [{ version: 1, weight: 1 }] },
    });
    await call("DELETE /prompts/greet/aliases/production");
    expect((await call("GET /prompts/greet")).body).toHaveProperty("aliases", {});
    await call("DELETE /prompts/greet");
    expect((await call("GET /prompts/greet")).status).toBe(404);
  });

  it("traces are searched as summaries, and read span by span", async () => {
    const api = await anApi(store);
    await record(api, { question: "2 + 2?" }, "4");
    const { call } = api;
    const list = await call("GET /traces?experimentIds=0&orderBy=startTime%20DESC");
    expect(list.body).toMatchObject({ items: [{ id: TRACE, name: "answer", spanCount: 2 }] });
    expect((await call(`GET /traces/${TRACE}`)).body).toMatchObject({
      inputPreview: '{"question":"2 + 2?"}',
    });
    const items = (await call(`GET /traces/${TRACE}/spans`)).body as Paged["items"];
    expect(items).toMatchObject([{ name: "answer" }, { name: "model", type: "chat_model" }]);
    expect(items.some((span) => "input" in span || "attributes" in span)).toBe(false);
    expect((await call(`GET /traces/${TRACE}/spans/${items[0]?.["id"]}`)).body).toMatchObject({
      input: { question: "2 + 2?" },
      output: "4",
    });
    await call(`PATCH /traces/${TRACE}`, { tags: { reviewed: "yes" } });
    expect((await call(`GET /traces/${TRACE}`)).body).toMatchObject({ tags: { reviewed: "yes" } });
    expect((await call("GET /traces/count")).body).toBe(1);
    const deletion = { ids: [TRACE, hexId(9)] };
    expect((await call("POST /traces/delete", deletion)).body).toBe(1);
    expect((await call(`GET /traces/${TRACE}`)).status).toBe(404);
    expect((await call(`GET /traces/${TRACE}/spans`)).status).toBe(404);
  });

  it("feedback and expectations are added with the caller as their source, and removed", async () => {
    const api = await anApi(store);
    await record(api, "2 + 2?", "4");
    const list = `GET /assessments?traceIds=${TRACE}`;
    const { body } = await api.call(`POST /traces/${TRACE}/feedback`, {
      value: true,
      rationale: "Right.",
    });
    expect(body).toMatchObject({
      traceId: TRACE,
      kind: "feedback",
      name: "user_feedback",
      value: true,
      source: "human",
      sourceId: "local",
      rationale: "Right.",
    });
    await api.call(`POST /traces/${TRACE}/expectations`, {
      name: "sum",
      value: { is: 4 },
      source: "code",
      sourceId: "checker",
    });
    expect((await api.call(list)).body).toMatchObject([
      { kind: "feedback" },
      { kind: "expectation", value: { is: 4 }, sourceId: "checker" },
    ]);
    await api.call(`DELETE /assessments/${(body as { id: string }).id}`);
    expect((await api.call(list)).body).toMatchObject([{ name: "sum" }]);
  });

  it("datasets grow by records and traces, in versions", async () => {
    const api = await anApi(store);
    const { call } = api;
    await record(api, "2 + 2?", "4");
    await call("POST /datasets", { name: "sums", records: [{ inputs: "1 + 1?" }] });
    expect(
      (await call("POST /datasets/sums/records", { records: [{ inputs: "3 + 3?" }] })).body,
    ).toMatchObject({ version: 2, recordCount: 2 });
    const fromTraces = { traceIds: [TRACE], outputsAsExpectations: true };
    expect((await call("POST /datasets/sums/traces", fromTraces)).body).toMatchObject({
      version: 3,
      recordCount: 3,
    });
    const { items } = (await call("GET /datasets/sums/records")).body as Paged;
    expect(items.map((item) => item["inputs"]).sort()).toEqual(["1 + 1?", "2 + 2?", "3 + 3?"]);
    expect(items.find((item) => item["inputs"] === "2 + 2?")).toMatchObject({ expectations: "4" });
    expect((await call("GET /datasets/sums/records?version=1&limit=5")).body).toMatchObject({
      items: [{ inputs: "1 + 1?" }],
    });
    const ids = items.slice(0, 2).map((item) => item["id"]);
    expect((await call("POST /datasets/sums/records/delete", { ids })).body).toMatchObject({
      version: 4,
      recordCount: 1,
    });
    await call("PATCH /datasets/sums", { description: "Easy ones." });
    expect((await call("GET /datasets/sums")).body).toMatchObject({ description: "Easy ones." });
    expect(namesOf(await call("GET /datasets"))).toEqual(["sums"]);
    await call("DELETE /datasets/sums");
    expect((await call("GET /datasets/sums")).status).toBe(404);
  });

  it("evaluations are listed, read row by row and compared", async () => {
    const { call, rivulet } = await anApi(store);
    const evaluate = (name: string, offset: number) =>
      rivulet.evaluate({
        name,
        data: [1, 2, 3].map((n) => ({ inputs: n, expectations: n })),
        task: (n) => n + offset,
        scorers: [right],
      });
    const bad = await evaluate("bad", 1);
    const good = await evaluate("good", 0);
    expect(namesOf(await call("GET /evaluations")).sort()).toEqual(["bad", "good"]);
    expect((await call(`GET /evaluations/${good.id}`)).body).toMatchObject({
      rowCount: 3,
      scores: [{ name: "right", mean: 1 }],
    });
    expect(
      ((await call(`GET /evaluations/${good.id}/rows?limit=2`)).body as Paged).items,
    ).toHaveLength(2);
    const compared = await call(
      `GET /evaluations/compare?baselineId=${bad.id}&candidateId=${good.id}`,
    );
    expect(compared.body).toMatchObject({
      scores: [{ name: "right", pairs: 3, difference: 1, improved: 3, regressed: 0 }],
      unpaired: 0,
    });
  });
});

it("stats tell of the store and the journal, me of the caller", async () => {
  const { call } = await anApi();
  expect((await call("GET /stats")).body).toMatchObject({
    store: { driver: "memory" },
    journal: { dropped: 0 },
    errors: 0,
  });
  expect((await call("GET /me")).body).toEqual({ id: "local", access: "admin" });
});

it("stats name a driver that Rivulet does not know", async () => {
  const memory = await openStore("memory:");
  const store = { ...memory, info: { driver: "scratch", url: "scratch:" } };
  const { rivulet, close } = aRivulet(store);
  onTestFinished(close);
  const { call } = apiOf(rivulet);
  expect((await call("GET /stats")).body).toMatchObject({
    store: { driver: "scratch", url: "scratch:" },
  });
});

it("the health check needs no credentials", async () => {
  const { send } = await anApi("memory", { auth: () => null });
  expect(await send("/health")).toMatchObject({ status: 200, body: { status: "ok" } });
});

it("the health check says to strangers that the store cannot be opened, and not why", async () => {
  const folder = await mkdtemp(join(tmpdir(), "rivulet-health-"));
  const file = join(folder, "broken.db");
  await writeFile(file, "This is no database, but a text. ".repeat(100));
  const rivulet = createRivulet({ store: `sqlite:${file}`, onError: () => undefined });
  const { send } = apiOf(rivulet, { auth: () => null });
  expect(await send("/health")).toMatchObject({ status: 503, body: { status: "unavailable" } });
  await rivulet.close().catch(() => undefined);
  await rm(folder, { recursive: true });
});

it("HEAD has the headers of GET and no body", async () => {
  const { send } = await anApi();
  const head = await send("/api/v1/experiments", { method: "HEAD" });
  const get = await send("/api/v1/experiments");
  expect(head).toMatchObject({ status: 200, body: "" });
  expect(head.headers.get("content-length")).toBe(get.headers.get("content-length"));
});

it("a compressed body is inflated", async () => {
  const { send } = await anApi();
  const stream = new Blob([JSON.stringify({ name: "iris" })]).stream();
  const body = await new Response(stream.pipeThrough(new CompressionStream("gzip"))).bytes();
  const headers = { "content-type": "application/json", "content-encoding": "gzip" };
  expect(await send("/api/v1/experiments", { method: "POST", headers, body })).toMatchObject({
    status: 200,
    body: { name: "iris" },
  });
});

it("an unexpected failure is a 500 that tells the caller nothing, and the app everything", async () => {
  const { rivulet, errors, call } = await anApi("memory", {
    auth: () => {
      throw new Error("the session table at db7 is gone");
    },
  });
  expect(await call("GET /me")).toMatchObject({
    status: 500,
    body: { error: { code: "internal", message: "Rivulet failed; see its error log." } },
  });
  expect(errors.map(({ message }) => message)).toEqual(["the session table at db7 is gone"]);
  expect((await rivulet.stats()).errors).toBe(1);
});

it("a closed client answers 503", async () => {
  const { call, rivulet } = await anApi();
  await call("GET /me");
  await rivulet.close();
  expect(await call("GET /runs")).toMatchObject({
    status: 503,
    body: { error: { code: "closed" } },
  });
});

function right({ output, expectations }: ScorerInput<number, number, number>): number {
  return output === expectations ? 1 : 0;
}

interface Paged {
  readonly items: readonly Readonly<Record<string, JsonValue>>[];
  readonly nextPageToken?: string;
}

function namesOf({ body }: { readonly body: unknown }): JsonValue[] {
  return (body as Paged).items.map(({ name = "" }) => name);
}

async function record({ rivulet }: ApiClient, input: JsonValue, output: string): Promise<void> {
  const answer = async (): Promise<string> =>
    rivulet.withSpan("model", () => output, { type: "chat_model" });
  await rivulet.withSpan("answer", answer, { input });
  await rivulet.flush();
}
