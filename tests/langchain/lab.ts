/**
 * One set of versions of LangChain, LangGraph and zod. The suites run on each; they are typed by the latest,
 * so a lab of older versions says with a cast that it has what they use.
 */
export interface Lab {
  readonly name: "0.3" | "floor" | "latest";
  readonly callbacks: typeof import("@langchain/core/callbacks/manager");
  readonly caches: typeof import("@langchain/core/caches");
  readonly chatModels: typeof import("@langchain/core/language_models/chat_models");
  readonly documents: typeof import("@langchain/core/documents");
  readonly embeddings: typeof import("@langchain/core/embeddings");
  readonly graph: typeof import("@langchain/langgraph");
  readonly llms: typeof import("@langchain/core/language_models/llms");
  readonly messages: typeof import("@langchain/core/messages");
  readonly outputParsers: typeof import("@langchain/core/output_parsers");
  readonly outputs: typeof import("@langchain/core/outputs");
  readonly prebuilt: typeof import("@langchain/langgraph/prebuilt");
  readonly prompts: typeof import("@langchain/core/prompts");
  readonly retrievers: typeof import("@langchain/core/retrievers");
  readonly runnables: typeof import("@langchain/core/runnables");
  readonly tools: typeof import("@langchain/core/tools");
  readonly vectorStores: typeof import("@langchain/core/vectorstores");
  readonly z: typeof import("zod").z;
  /** From 1.0 on. */
  readonly agents?: Pick<typeof import("langchain"), "createAgent" | "createMiddleware">;
}

const MODULES = {
  callbacks: "@langchain/core/callbacks/manager",
  caches: "@langchain/core/caches",
  chatModels: "@langchain/core/language_models/chat_models",
  documents: "@langchain/core/documents",
  embeddings: "@langchain/core/embeddings",
  graph: "@langchain/langgraph",
  llms: "@langchain/core/language_models/llms",
  messages: "@langchain/core/messages",
  outputParsers: "@langchain/core/output_parsers",
  outputs: "@langchain/core/outputs",
  prebuilt: "@langchain/langgraph/prebuilt",
  prompts: "@langchain/core/prompts",
  retrievers: "@langchain/core/retrievers",
  runnables: "@langchain/core/runnables",
  tools: "@langchain/core/tools",
  vectorStores: "@langchain/core/vectorstores",
} as const satisfies Partial<Record<keyof Lab, string>>;

/** Loads the versions of a lab: `load` imports a module from the lab's folder. */
export async function loadLab(
  name: Lab["name"],
  load: (module: string) => Promise<unknown>,
): Promise<Lab> {
  const entries = Object.entries(MODULES).map(
    async ([key, module]) => [key, await load(module)] as const,
  );
  const modules = Object.fromEntries(await Promise.all(entries));
  const { z } = (await load("zod")) as Pick<Lab, "z">;
  const agents = name === "0.3" ? {} : { agents: await load("langchain") };
  return { name, z, ...modules, ...agents } as Lab;
}
