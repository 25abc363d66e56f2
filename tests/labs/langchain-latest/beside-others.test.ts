import { LangChainTracer } from "@langchain/core/tracers/tracer_langchain";
import { CallbackHandler } from "@langfuse/langchain";
import { instrumentLangChain, RivuletCallbackHandler } from "@rivulet/langchain";
import { Client } from "langsmith";
import { traceable } from "langsmith/traceable";
import { expect, onTestFinished, test, vi } from "vitest";
import { openClient, tree } from "../../langchain/client.ts";
import { scriptedModel } from "../../langchain/scripted-model.ts";
import { lab } from "./lab.ts";

const { RunnableLambda } = lab.runnables;
const { CallbackManager: callbackManager } = lab.callbacks;

/** LangSmith's client, which sends nothing anywhere. */
function silentClient(): Client {
  return new Client({
    apiKey: "key",
    apiUrl: "http://127.0.0.1:9",
    autoBatchTracing: false,
    fetchImplementation: () => Promise.resolve(new Response("{}")),
  });
}

const ask = () => {
  const model = scriptedModel(lab);
  return lab.prompts.ChatPromptTemplate.fromTemplate("{q}").pipe(model);
};
const ASKED = tree`
  chain RunnableSequence ok
    chat_model Scripted ok 10+6
`;

test("records the same beside LangChain's own tracer and Langfuse, and leaves them their events", async () => {
  const { rivulet, tree: traces, errors } = openClient();
  const langfuse = new CallbackHandler();
  const starts = vi.spyOn(langfuse, "handleChatModelStart");
  const tracer = new LangChainTracer({ client: silentClient() });
  const runs = vi.spyOn(tracer, "onRunCreate");
  const callbacks = [tracer, langfuse, new RivuletCallbackHandler(rivulet)];
  await ask().invoke({ q: "x" }, { callbacks });
  await vi.waitFor(() => expect(starts).toHaveBeenCalledOnce());
  expect(runs).toHaveBeenCalled();
  expect(await traces()).toBe(ASKED);
  expect(errors).toEqual([]);
});

test("records calls once without its callback, beside LangSmith's tracing of the process and Langfuse", async () => {
  const { rivulet, tree: traces } = openClient();
  vi.stubEnv("LANGSMITH_TRACING", "true");
  vi.stubEnv("LANGSMITH_API_KEY", "key");
  vi.stubEnv("LANGSMITH_ENDPOINT", "http://127.0.0.1:9");
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  onTestFinished(await instrumentLangChain(rivulet, { callbackManager }));
  await ask().invoke({ q: "x" }, { callbacks: [new CallbackHandler()] });
  expect(await traces()).toBe(ASKED);
});

test.each<[string, string]>([
  ["traces", "true"],
  ["traces nothing", "false"],
])(
  "a function of LangSmith's keeps calls in the trace of the run around it while LangSmith %s",
  async (_, tracing) => {
    const { rivulet, tree: traces } = openClient();
    vi.stubEnv("LANGSMITH_TRACING", tracing);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    const client = silentClient();
    const model = scriptedModel(lab);
    const look = traceable(
      async () => {
        await rivulet.withSpan("query", () => "found");
        return (await model.invoke("x")).content;
      },
      { name: "look", client },
    );
    const around = traceable(() => look(), { name: "around", client });
    const work = RunnableLambda.from(() => around()).withConfig({ runName: "work" });
    const tracer = tracing === "true" ? [new LangChainTracer({ client })] : [];
    await work.invoke(1, { callbacks: [...tracer, new RivuletCallbackHandler(rivulet)] });
    expect(await traces()).toBe(tree`
    chain work ok
      unknown query ok
      chat_model Scripted ok 10+6
  `);
  },
);
