import { rivuletTelemetry, traceAiSdk } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { openClient } from "./support/client.ts";
import { VERSIONS_5, VERSIONS_6, VERSIONS_7 } from "./support/labs.ts";
import { says } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

type Client = ReturnType<typeof openClient>;

interface Lab {
  readonly version: string;
  /** Where a call is marked, by the name of the place. */
  readonly places: Readonly<Record<string, (marks: object) => object>>;
  call(client: Client, options: object): Promise<unknown>;
}

const inOptions = (rivulet: object) => ({ providerOptions: { rivulet } });
const inMetadata = (metadata: object) => ({ experimental_telemetry: { metadata } });

const labs: readonly Lab[] = [
  ...VERSIONS_7.map(
    ({ version, ai, model }): Lab => ({
      version,
      places: {
        "provider options": inOptions,
        "runtime context": (rivulet) => ({
          runtimeContext: { rivulet },
          telemetry: { includeRuntimeContext: { rivulet: true } },
        }),
      },
      call(client, options) {
        installForTest(rivuletTelemetry(client.rivulet));
        return ai.generateText({ model: model("m", says("SECRET")), prompt: "SECRET", ...options });
      },
    }),
  ),
  ...VERSIONS_6.map(
    ({ version, ai, model }): Lab => ({
      version,
      places: { "provider options": inOptions, "telemetry metadata": inMetadata },
      call(client, options) {
        installForTest(rivuletTelemetry(client.rivulet));
        return ai.generateText({ model: model("m", says("SECRET")), prompt: "SECRET", ...options });
      },
    }),
  ),
  ...VERSIONS_5.map(
    ({ version, ai, model }): Lab => ({
      version,
      places: { "provider options": inOptions, "telemetry metadata": inMetadata },
      call: (client, options) =>
        traceAiSdk(ai, client.rivulet).generateText({
          model: model("m", says("SECRET")),
          prompt: "SECRET",
          ...options,
        }),
    }),
  ),
];
const rows = labs.flatMap(({ version, places, call }) =>
  Object.entries(places).map(([place, mark]) => ({ version, place, mark, call })),
);

describe.each(rows)("a call of ai $version that is marked in its $place", ({ mark, call }) => {
  it("gives its trace session, user, tags and metadata", async () => {
    const client = openClient();
    await call(
      client,
      mark({
        sessionId: "s",
        userId: "u",
        tags: { team: "search" },
        metadata: { plan: { seats: 3 } },
      }),
    );

    await client.rivulet.flush();
    const { items } = await client.rivulet.traces.search();
    expect(items).toMatchObject([
      {
        sessionId: "s",
        userId: "u",
        tags: { team: "search" },
        metadata: { plan: { seats: 3 } },
      },
    ]);
  });

  it("gives its trace tags that are words", async () => {
    const client = openClient();
    await call(client, mark({ tags: ["search", "beta"] }));

    await client.rivulet.flush();
    const { items } = await client.rivulet.traces.search();
    expect(items).toMatchObject([{ tags: { search: "true", beta: "true" } }]);
  });

  it("keeps neither inputs nor outputs when it says so", async () => {
    const client = openClient();
    await call(client, mark({ recordInputs: false, recordOutputs: false }));

    await client.rivulet.flush();
    const { items } = await client.rivulet.traces.search();
    const spans = await client.rivulet.traces.loadSpans(items[0]?.id ?? "");
    expect(spans.at(-1)?.usage?.totalTokens).toBe(15);
    expect(JSON.stringify([items, spans])).not.toContain("SECRET");
  });
});

describe.each(labs.filter(({ version }) => !version.startsWith("7")))("ai $version", (lab) => {
  it("has other telemetry metadata as metadata of the trace", async () => {
    const client = openClient();
    await lab.call(client, inMetadata({ sessionId: "s", team: "search", seats: 3 }));

    await client.rivulet.flush();
    const { items } = await client.rivulet.traces.search();
    expect(items).toMatchObject([{ sessionId: "s", metadata: { team: "search", seats: 3 } }]);
  });
});
