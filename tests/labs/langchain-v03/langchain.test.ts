import type { Callbacks } from "@langchain/core/callbacks/manager";
import { type RunnableConfig, RunnableLambda } from "@langchain/core/runnables";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, test } from "vitest";
import { openClient } from "../../langchain/client.ts";
import { describeLangChain } from "../../langchain/suite.ts";
import { lab } from "./lab.ts";

describeLangChain(lab);

test("the handler fits the types of this version", async () => {
  const { rivulet, tree } = openClient();
  const callbacks: Callbacks = [new RivuletCallbackHandler(rivulet)];
  const config: RunnableConfig = { callbacks };
  await RunnableLambda.from((value: number) => value + 1).invoke(1, config);
  expect(await tree()).toBe("chain RunnableLambda ok");
});
