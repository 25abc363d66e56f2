import { createRequire } from "node:module";
import { instrumentLangChain } from "@rivulet/langchain";
import { expect, onTestFinished, test } from "vitest";
import { openClient } from "./client.ts";

test("covers LangChain's CommonJS build, another class, when it is loaded", async () => {
  const { rivulet, tree } = openClient();
  const require = createRequire(import.meta.url);
  const { RunnableLambda } =
    require("@langchain/core/runnables") as typeof import("@langchain/core/runnables");
  onTestFinished(await instrumentLangChain(rivulet));
  await RunnableLambda.from((value: number) => value + 1).invoke(1);
  expect(await tree()).toBe("chain RunnableLambda ok");
});
