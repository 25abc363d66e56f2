import { rivuletTelemetry } from "@rivulet/ai-sdk";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { openClient, tree } from "./support/client.ts";
import { VERSIONS_6, VERSIONS_7 } from "./support/labs.ts";
import { asksFor, says } from "./support/mock-content.ts";
import { installForTest } from "./support/sdk-globals.ts";

const PAIRS = VERSIONS_7.flatMap((seven) =>
  VERSIONS_6.map((six) => ({ seven, six, name: `${seven.version} and ${six.version}` })),
);

describe.each(PAIRS)("ai $name in one process", ({ seven, six }) => {
  it("records 6 in 7 and 7 in 6 at the same time with one integration", async () => {
    const client = openClient();
    installForTest(rivuletTelemetry(client.rivulet));
    const empty = z.object({});
    const asking = asksFor({ id: "t", name: "x" });
    const leaf6 = () => six.ai.generateText({ model: six.model("leaf6", says("6")), prompt: "n" });
    const leaf7 = () =>
      seven.ai.generateText({ model: seven.model("leaf7", says("7")), prompt: "n" });

    await Promise.all([
      client.rivulet.withSpan("6 in 7", () =>
        seven.ai.generateText({
          model: seven.model("outer7", asking, says("done")),
          prompt: "p",
          tools: {
            x: seven.ai.tool({ inputSchema: empty, execute: async () => (await leaf6()).text }),
          },
          stopWhen: seven.ai.isStepCount(3),
        }),
      ),
      client.rivulet.withSpan("7 in 6", () =>
        six.ai.generateText({
          model: six.model("outer6", asking, says("done")),
          prompt: "p",
          tools: {
            x: six.ai.tool({ inputSchema: empty, execute: async () => (await leaf7()).text }),
          },
          stopWhen: six.ai.stepCountIs(3),
        }),
      ),
    ]);

    expect(await client.trees()).toBe(tree`
      unknown 6 in 7: ok
        agent generateText: ok
          task step 1: ok
            chat_model chat outer7: ok, 10+5 tokens
            tool x: ok
              chain generate: ok
                task step 1: ok
                  chat_model chat leaf6: ok, 10+5 tokens
          task step 2: ok
            chat_model chat outer7: ok, 10+5 tokens
      unknown 7 in 6: ok
        agent generate: ok
          task step 1: ok
            chat_model chat outer6: ok, 10+5 tokens
            tool x: ok
              chain generateText: ok
                task step 1: ok
                  chat_model chat leaf7: ok, 10+5 tokens
          task step 2: ok
            chat_model chat outer6: ok, 10+5 tokens
    `);
    expect(client.errors).toEqual([]);
  });
});
