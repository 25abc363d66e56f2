import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { rivuletTelemetry, traceIdOf } from "@rivulet/ai-sdk";
import { createRivulet, openClients } from "@rivulet/core";
import { generateText, registerTelemetry, wrapLanguageModel } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { registerTelemetryIntegration } from "ai6";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { openClient, tree } from "./support/client.ts";
import { says } from "./support/mock-content.ts";
import { installedIntegrations, installForTest } from "./support/sdk-globals.ts";

const CLIENTS = Symbol.for("@rivulet/core.clients");
const GUARD = Symbol.for("@rivulet/ai-sdk");

const model = new MockLanguageModelV4({ modelId: "m", doGenerate: async () => says("x") });

describe("@rivulet/ai-sdk/register", () => {
  beforeEach(() => {
    // Each test begins in a process where nothing is installed.
    vi.resetModules();
    Reflect.deleteProperty(globalThis, GUARD);
    Reflect.deleteProperty(globalThis, "AI_SDK_TELEMETRY_INTEGRATIONS");
  });

  it("records every call of the SDK to the client it is given", async () => {
    const { setRivulet } = await import("@rivulet/ai-sdk/register");
    const client = openClient();
    setRivulet(client.rivulet);

    await generateText({ model, prompt: "p" });

    expect(await client.spans("chat m")).toHaveLength(1);
  });

  it("installs one integration however often the module is loaded", async () => {
    const { setRivulet } = await import("@rivulet/ai-sdk/register");
    const first = openClient();
    setRivulet(first.rivulet);
    vi.resetModules();
    const again = await import("@rivulet/ai-sdk/register");
    expect(again.setRivulet).not.toBe(setRivulet);
    const second = openClient({ store: "memory:" });
    again.setRivulet(second.rivulet);

    await generateText({ model, prompt: "p" });

    expect(installedIntegrations()).toHaveLength(1);
    expect(await first.spans("chat m")).toHaveLength(0);
    expect(await second.spans("chat m")).toHaveLength(1);
  });

  it("nests calls in the spans of the client it is given, though another copy was loaded first, as in Next.js", async () => {
    await import("@rivulet/ai-sdk/register");
    vi.resetModules();
    const { setRivulet } = await import("@rivulet/ai-sdk/register");
    const client = openClient();
    setRivulet(client.rivulet);

    await client.rivulet.withSpan("request", () => generateText({ model, prompt: "p" }));

    const [request] = await client.spans("request");
    const [call] = await client.spans("generateText");
    expect(request?.id).toMatch(/^[0-9a-f]{16}$/);
    expect(call?.parentId).toBe(request?.id);
  });

  it("lets a call that is going on end where it has begun", async () => {
    const { setRivulet } = await import("@rivulet/ai-sdk/register");
    const [first, second] = [openClient(), openClient({ store: "memory:" })];
    setRivulet(first.rivulet);
    const swapping = new MockLanguageModelV4({
      modelId: "m",
      doGenerate: async () => {
        setRivulet(second.rivulet);
        return says("x");
      },
    });

    await generateText({ model: swapping, prompt: "p" });

    expect((await first.span("generateText")).status).toBe("ok");
    expect(await second.trees()).toBe("");
  });

  it.each([
    ["options", {}, { recordInputs: false, recordOutputs: false }],
    [
      "the environment",
      { RIVULET_AI_SDK_RECORD_INPUTS: "false", RIVULET_AI_SDK_RECORD_OUTPUTS: "0" },
      undefined,
    ],
  ])("keeps neither inputs nor outputs when %s say so", async (_, environment, options) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    const { setRivulet } = await import("@rivulet/ai-sdk/register");
    const client = openClient();
    setRivulet(client.rivulet, options);

    await generateText({ model, prompt: "SECRET" });

    const span = await client.span("chat m");
    expect([span.input, span.output]).toEqual([undefined, undefined]);
    expect(span.usage?.totalTokens).toBe(15);
    vi.unstubAllEnvs();
  });

  it("puts new traces into the experiment of its options", async () => {
    const { setRivulet } = await import("@rivulet/ai-sdk/register");
    const client = openClient();
    setRivulet(client.rivulet, { experimentId: "chat app" });

    await generateText({ model, prompt: "p" });

    const { id } = await client.rivulet.experiments.ensure("chat app");
    expect((await client.span("chat m")).experimentId).toBe(id);
  });

  it.each([
    ["5.0.277", true],
    ["6.0.110", true],
    ["6.0.111", false],
    ["7.0.0", false],
    ["7.0.0-beta.1", false],
  ])("says of version %s of the SDK whether it tells nothing: %s", async (version, isSilent) => {
    const folder = await mkdtemp(join(tmpdir(), "rivulet-ai-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    const sdk = join(folder, "node_modules/ai");
    await mkdir(sdk, { recursive: true });
    await writeFile(join(sdk, "package.json"), JSON.stringify({ name: "ai", version }));
    const warn = vi.spyOn(process, "emitWarning").mockReturnValue(undefined);
    onTestFinished(() => warn.mockRestore());

    vi.spyOn(process, "cwd").mockReturnValue(folder);
    await import("@rivulet/ai-sdk/register");

    expect(warn.mock.calls.map(([message]) => message)).toEqual(
      isSilent
        ? [
            `AI SDK ${version} tells no telemetry of its calls, so @rivulet/ai-sdk/register records none of them. Call the functions that traceAiSdk(ai, rivulet) of @rivulet/ai-sdk returns, or update to ai@6.0.111 or newer.`,
          ]
        : [],
    );
    vi.restoreAllMocks();
  });

  it("makes no client before the first call", async () => {
    vi.stubEnv("RIVULET_STORE", "nonsense://store");

    await import("@rivulet/ai-sdk/register");

    // A client would have been told that there is no such store.
    expect(installedIntegrations()).toHaveLength(1);
    expect((globalThis as Record<symbol, unknown>)[GUARD]).toMatchObject({ rivulet: undefined });
    vi.unstubAllEnvs();
  });

  it("shares the client that the app has made, also when it makes it later", async () => {
    vi.stubEnv("RIVULET_STORE", "memory:");
    // As in a process of its own: the clients of other tests are no app's.
    const others = Reflect.get(globalThis, CLIENTS);
    Reflect.deleteProperty(globalThis, CLIENTS);
    onTestFinished(() => void Reflect.set(globalThis, CLIENTS, others));
    await import("@rivulet/ai-sdk/register");
    await generateText({ model, prompt: "nobody's" });
    const [own] = openClients();
    vi.unstubAllEnvs();
    const app = createRivulet({ store: "memory:" });
    onTestFinished(() => app.close());

    await app.withSpan("request", () => generateText({ model, prompt: "p" }));

    await app.flush();
    const { items } = await app.traces.search();
    expect(items.map(({ name, spanCount }) => [name, spanCount])).toEqual([["request", 4]]);
    expect(await own?.traces.count()).toBe(1);
    await own?.close();
  });

  it("can be registered with the functions of the SDK", async () => {
    const client = openClient();
    const telemetry = rivuletTelemetry(client.rivulet);
    registerTelemetry(telemetry);
    registerTelemetryIntegration(telemetry);

    expect(installedIntegrations()).toEqual([telemetry, telemetry]);
  });

  it("serves one call alone", async () => {
    const client = openClient();
    const telemetry = { integrations: [rivuletTelemetry(client.rivulet)] };

    await generateText({ model, prompt: "p", telemetry });
    await generateText({ model, prompt: "p" });

    expect(await client.spans("chat m")).toHaveLength(1);
  });

  it("records a call once that two integrations of one client are told of", async () => {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet));
    installForTest(rivuletTelemetry(client.rivulet));

    await generateText({ model, prompt: "p" });

    expect(await client.spans("chat m")).toHaveLength(1);
    expect(await client.spans("generateText")).toHaveLength(1);
  });

  it("records a call once, in one trace, when another copy of the package is loaded, as bundlers make them", async () => {
    const client = openClient();
    const { rivulet } = client;
    installForTest(rivuletTelemetry(rivulet));
    vi.resetModules();
    const copy = await import("@rivulet/ai-sdk");
    expect(copy.rivuletTelemetry).not.toBe(rivuletTelemetry);
    installForTest(copy.rivuletTelemetry(rivulet));
    const middleware = copy.rivuletMiddleware(rivulet);

    const result = await rivulet.withSpan("request", () =>
      generateText({
        model: wrapLanguageModel({ model, middleware }),
        prompt: "p",
        prepareStep: () => rivulet.withSpan("prepare", () => ({})),
      }),
    );

    expect(await client.trees()).toBe(tree`
      unknown request: ok
        chain generateText: ok
          task step 1: ok
            unknown prepare: ok
            chat_model chat m: ok, 10+5 tokens
    `);
    const { traceId } = await client.span("request");
    expect([traceIdOf(result), copy.traceIdOf(result)]).toEqual([traceId, traceId]);
  });
});
