import { awaitAllCallbacks } from "@langchain/core/callbacks/promises";
import { Document } from "@langchain/core/documents";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { BaseRetriever } from "@langchain/core/retrievers";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { LangChainTracer } from "@langchain/core/tracers/tracer_langchain";
import { Annotation, interrupt, MemorySaver, StateGraph } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { CallbackHandler } from "@langfuse/langchain";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { createAgent } from "langchain";
import { z } from "zod";
import { type Kept, openColumns } from "./columns.ts";
import { serveModel } from "./model-server.ts";
import { IMAGE, SAID } from "./what-was-said.ts";

/** An agent, a refused call, a stream, a stopped stream, retries, an interrupt and a retriever. */
export async function runLangChain(): Promise<Kept> {
  const columns = await openColumns();
  const { url } = await serveModel();
  await columns.rivulet.prompts.register({ name: "zz-prompt", template: "zz" });
  const callbacks = [
    new RivuletCallbackHandler(columns.rivulet, { sessionId: SAID.session, userId: SAID.user_id }),
    new CallbackHandler({ sessionId: SAID.session, userId: SAID.user_id, tags: [SAID.tag] }),
    new LangChainTracer({ client: columns.langsmith }),
  ];
  const config = {
    callbacks,
    tags: [SAID.tag],
    metadata: {
      ...SAID.metadata,
      thread_id: SAID.session,
      user_id: SAID.user_id,
      rivulet_prompt: { name: "zz-prompt", version: 1 },
      lc_hub_repo: "zz-prompt",
    },
  };
  const model = new ChatOpenAI({
    model: "zz-model-asked",
    apiKey: "key",
    temperature: 0.4321,
    maxTokens: 4321,
    maxRetries: 0,
    useResponsesApi: true,
    configuration: { baseURL: url },
  });
  const look = tool(({ city }) => [`${SAID.result} in ${city}`, { raw: "zz artifact" }], {
    name: "look",
    description: SAID.tool,
    schema: z.object({ city: z.string() }),
    responseFormat: "content_and_artifact",
  });
  const agent = createAgent({ model, tools: [look], systemPrompt: SAID.system });
  const content = [
    { type: "text", text: SAID.user },
    { type: "image_url", image_url: { url: `data:image/png;base64,${IMAGE}` } },
  ];
  await agent.invoke({ messages: [{ role: "user", content }] }, config);
  await model.invoke("zz", config).catch(() => undefined);
  for await (const _ of await templated(model).stream({}, config));
  await stopped(model, config);
  await retried().invoke("zz", config);
  await interrupted().invoke({ said: "zz" }, { ...config, configurable: { thread_id: "zz" } });
  await new Shelf({}).invoke("zz", config);
  await awaitAllCallbacks();
  return columns.kept();
}

/** Langfuse links prompts that are templates of LangChain, by the metadata of the template. */
function templated(model: ChatOpenAI) {
  const template = ChatPromptTemplate.fromTemplate("zz");
  template.metadata = { langfusePrompt: { name: "zz-prompt", version: 1, isFallback: false } };
  return template.pipe(model);
}

async function stopped(model: ChatOpenAI, config: object): Promise<void> {
  const controller = new AbortController();
  try {
    for await (const { text } of await model.stream("zz", {
      ...config,
      signal: controller.signal,
    })) {
      if (text !== "") controller.abort(new Error("zz stopped by the user"));
    }
  } catch {
    // It is what the app asked for.
  }
}

function retried() {
  let attempts = 0;
  return RunnableLambda.from(() => {
    attempts += 1;
    if (attempts === 1) throw new Error("zz first attempt failed");
    return "zz";
  }).withRetry({ stopAfterAttempt: 2 });
}

function interrupted() {
  const state = Annotation.Root({ said: Annotation<string>() });
  return new StateGraph(state)
    .addNode("approve", () => ({ said: String(interrupt("zz question of the interrupt")) }))
    .addEdge("__start__", "approve")
    .addEdge("approve", "__end__")
    .compile({ checkpointer: new MemorySaver() });
}

/** A retriever with one document. */
class Shelf extends BaseRetriever {
  lc_namespace = ["zz"];
  override _getRelevantDocuments(): Promise<Document[]> {
    const metadata = { source: "zz-source", score: 0.98765 };
    return Promise.resolve([new Document({ pageContent: "zz text of a document", metadata })]);
  }
}
