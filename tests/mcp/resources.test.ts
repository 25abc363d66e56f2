import {
  PromptListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
} from "@modelcontextprotocol/sdk/types.js";
import { expect, onTestFinished, test, vi } from "vitest";
import { aRivulet, connect } from "./connect.ts";

test("prompts, models, runs and traces are resources", async () => {
  const rivulet = aRivulet();
  await rivulet.prompts.register({ name: "a.b", template: "x" });
  const run = await rivulet.runs.start({ name: "first" });
  await run.logArtifact("notes.txt", "hi");
  await rivulet.models.register({ name: "iris", runId: run.id });
  const traceId = rivulet.withSpan("work", (span) => span.traceId);
  await rivulet.flush();
  const client = await connect(rivulet);
  const read = async (uri: string): Promise<unknown> => {
    const { contents } = await client.readResource({ uri });
    return JSON.parse((contents[0] as { text: string }).text);
  };
  expect(await read("rivulet://prompts/a.b")).toMatchObject({ versions: [{ template: "x" }] });
  expect(await read("rivulet://models/iris")).toMatchObject({ name: "iris", latestVersion: 1 });
  expect(await read(`rivulet://runs/${run.id}`)).toMatchObject({
    run: { name: "first" },
    artifacts: [{ path: "notes.txt" }],
  });
  expect(await read(`rivulet://traces/${traceId}`)).toMatchObject({ spans: [{ name: "work" }] });
  expect(await read("rivulet://overview")).toEqual({
    store: "memory",
    dropped: 0,
    experiments: ["0 Default"],
    runs: [`${run.id} first running`],
    models: ["iris"],
    prompts: ["a.b"],
    traces: [`${traceId} work ok`],
    sessions: [],
    users: [],
    datasets: [],
    evaluations: [],
    views: [],
    loggedModels: [],
    webhooks: [],
  });
});

test("the list names the overview and the prompts, the templates the rest", async () => {
  const rivulet = aRivulet();
  await rivulet.prompts.register({ name: "greet", template: "x" });
  const client = await connect(rivulet);
  const { resources } = await client.listResources();
  expect(resources.map(({ uri }) => uri)).toEqual([
    "rivulet://overview",
    "rivulet://prompts/greet",
  ]);
  const { resourceTemplates } = await client.listResourceTemplates();
  expect(resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
    "rivulet://prompts/{prompt}",
    "rivulet://models/{model}",
    "rivulet://runs/{run}",
    "rivulet://traces/{trace}",
  ]);
});

test.each(["rivulet://runs/none", "rivulet://nope/x", "rivulet://runs/%zz", "file:///etc/passwd"])(
  "%s is not found",
  async (uri) => {
    const client = await connect(aRivulet());
    await expect(client.readResource({ uri })).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining("Resource not found"),
    });
  },
);

test("a burst of changes is told once, and a watched prompt by its address", async () => {
  const rivulet = aRivulet();
  const client = await connect(rivulet);
  const lists = vi.fn();
  const updates = vi.fn();
  client.setNotificationHandler(PromptListChangedNotificationSchema, lists);
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) =>
    updates(params.uri),
  );
  await client.subscribeResource({ uri: "rivulet://prompts/greet" });
  for (const template of ["1", "2", "3"])
    await rivulet.prompts.register({ name: "greet", template });
  await vi.waitFor(() => expect(updates).toHaveBeenCalledWith("rivulet://prompts/greet"), 5000);
  expect(lists).toHaveBeenCalledTimes(1);
  expect(updates).toHaveBeenCalledTimes(1);
});

test("a client that no longer watches an address hears of it only in the list", async () => {
  const rivulet = aRivulet();
  const client = await connect(rivulet);
  const lists = vi.fn();
  const updates = vi.fn();
  client.setNotificationHandler(PromptListChangedNotificationSchema, lists);
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) =>
    updates(params.uri),
  );
  for (const name of ["left", "kept"]) {
    await client.subscribeResource({ uri: `rivulet://prompts/${name}` });
  }
  await client.unsubscribeResource({ uri: "rivulet://prompts/left" });
  await rivulet.prompts.register({ name: "left", template: "1" });
  await rivulet.prompts.register({ name: "kept", template: "1" });
  await vi.waitFor(() => expect(updates).toHaveBeenCalledWith("rivulet://prompts/kept"), 5000);
  expect(updates.mock.calls).toEqual([["rivulet://prompts/kept"]]);
});

test("a client that has gone is told nothing more", async () => {
  const rivulet = aRivulet();
  const stopped = vi.fn();
  const subscribe: typeof rivulet.subscribe = (listener) => {
    const stop = rivulet.subscribe(listener);
    return () => {
      stopped();
      stop();
    };
  };
  const client = await connect({ ...rivulet, subscribe });
  expect(stopped).not.toHaveBeenCalled();
  await client.close();
  expect(stopped).toHaveBeenCalledTimes(1);
});

test("a client that goes before it was told leaves no timer behind", async () => {
  const rivulet = aRivulet();
  const client = await connect(rivulet);
  const burst = 250;
  const start = setTimeout;
  // The burst has no end.
  const set = vi
    .spyOn(globalThis, "setTimeout")
    .mockImplementation(((work: () => void, delay?: number) =>
      start(work, delay === burst ? 1_000_000 : delay)) as typeof setTimeout);
  const clear = vi.spyOn(globalThis, "clearTimeout");
  onTestFinished(() => void vi.restoreAllMocks());
  const timers = () => set.mock.results.filter((_, call) => set.mock.calls[call]?.[1] === burst);
  await rivulet.prompts.register({ name: "greet", template: "x" });
  await vi.waitFor(() => expect(timers()).toHaveLength(1));
  await client.close();
  expect(clear).toHaveBeenCalledWith(timers()[0]?.value);
});

test("a client watches 1000 addresses at most", async () => {
  const rivulet = aRivulet();
  const client = await connect(rivulet);
  const updates = vi.fn();
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) =>
    updates(params.uri),
  );
  for (let index = 1; index <= 1001; index += 1) {
    await client.subscribeResource({ uri: `rivulet://prompts/p${index}` });
  }
  await rivulet.prompts.register({ name: "p1001", template: "x" });
  await rivulet.prompts.register({ name: "p1000", template: "x" });
  await vi.waitFor(() => expect(updates).toHaveBeenCalled(), 5000);
  expect(updates.mock.calls).toEqual([["rivulet://prompts/p1000"]]);
});
