import { ChatOpenAI } from "@langchain/openai";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { traceOpenAI } from "@rivulet/providers/openai";
import OpenAI from "openai";
import { expect, test } from "vitest";
import { openClient, tree } from "../../langchain/client.ts";
import { asEvents, asJson, serveAnswer } from "../../langchain/providers/provider-server.ts";

const usage = { prompt_tokens: 20, completion_tokens: 9, total_tokens: 29 };
const head = { id: "c", object: "chat.completion", model: "gpt-4o" };
const WHOLE = asJson({
  ...head,
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
  usage,
});
const STREAMED = asEvents([
  { ...head, choices: [{ index: 0, delta: { role: "assistant", content: "Hi" } }] },
  { ...head, choices: [{ index: 0, delta: {}, finish_reason: "stop" }] },
  { ...head, choices: [], usage },
]);

test.each([
  ["whole", WHOLE],
  ["streamed", STREAMED],
] as const)(
  "a %s answer is counted once where ChatOpenAI calls a traced client",
  async (_, answer) => {
    const url = await serveAnswer(answer);
    const { rivulet, tree: traces, errors } = openClient();
    const given = { apiKey: "key", maxRetries: 0 };
    const model = new ChatOpenAI({ ...given, model: "gpt-4o", configuration: { baseURL: url } });
    const client = traceOpenAI(new OpenAI({ ...given, baseURL: url }), rivulet);
    Object.assign(Reflect.get(model, "completions"), { client });
    const callbacks = [new RivuletCallbackHandler(rivulet)];

    if (answer === WHOLE) await model.invoke("Hi", { callbacks });
    else for await (const _chunk of await model.stream("Hi", { callbacks }));

    expect(await traces()).toBe(tree`
    chat_model ChatOpenAI ok 20+9
  `);
    await client.chat.completions.create({ model: "gpt-4o", messages: [] }).asResponse();
    expect(await traces()).toContain("chat_model chat gpt-4o ok");
    expect(errors).toEqual([]);
  },
);
