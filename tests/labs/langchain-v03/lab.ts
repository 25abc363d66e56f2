import * as caches from "@langchain/core/caches";
import * as callbacks from "@langchain/core/callbacks/manager";
import * as documents from "@langchain/core/documents";
import * as embeddings from "@langchain/core/embeddings";
import * as chatModels from "@langchain/core/language_models/chat_models";
import * as llms from "@langchain/core/language_models/llms";
import * as messages from "@langchain/core/messages";
import * as outputParsers from "@langchain/core/output_parsers";
import * as outputs from "@langchain/core/outputs";
import * as prompts from "@langchain/core/prompts";
import * as retrievers from "@langchain/core/retrievers";
import * as runnables from "@langchain/core/runnables";
import * as tools from "@langchain/core/tools";
import * as vectorStores from "@langchain/core/vectorstores";
import * as graph from "@langchain/langgraph";
import * as prebuilt from "@langchain/langgraph/prebuilt";

import { z } from "zod";
import type { Lab } from "../../langchain/lab.ts";

export const lab = {
  name: "0.3",

  caches,
  callbacks,
  chatModels,
  documents,
  embeddings,
  graph,
  llms,
  messages,
  outputParsers,
  outputs,
  prebuilt,
  prompts,
  retrievers,
  runnables,
  tools,
  vectorStores,
  z,
} as unknown as Lab;
