import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { runAiSdk } from "./ai-sdk-run.ts";
import { runLangChain } from "./langchain-run.ts";
import { rowsOf, tableOf } from "./table.ts";

const PAGE = join(import.meta.dirname, "../../../docs/what-each-keeps.md");

const versions = JSON.parse(readFileSync(join(import.meta.dirname, "package.json"), "utf8")) as {
  readonly dependencies: Readonly<Record<string, string>>;
};

function version(name: string): string {
  return `\`${name}\` ${versions.dependencies[name]}`;
}

test("the page that compares what each keeps says what comes out now; `pnpm compare` writes it", async () => {
  const langchain = rowsOf(await runLangChain(), "langchain");
  const aiSdk = rowsOf(await runAiSdk(), "ai-sdk");
  const page = `# What each keeps

The same run, recorded by Rivulet, Langfuse and LangSmith at once, each set up as its README says: an agent that calls a
tool and is cut off by a filter, a call that the provider refuses, a stream, a stream that the user stops; with LangChain
also retries, an interrupt and a retriever. A local server answers as OpenAI's Responses do. Everything that it, the app
and the framework say is a word or a number that occurs nowhere else; what Langfuse's and LangSmith's clients send to
their servers, and what Rivulet has stored, is searched for it.

- **kept**: it is there as it was told.
- **changed**: something else stands in its place, such as JSON in a text.
- **lost**: it is not there.

Cost is left out: Langfuse and LangSmith work it out on their servers. This page is written by a test
(\`pnpm compare\`), with ${version("@langfuse/langchain")}, ${version("@langfuse/vercel-ai-sdk")}, ${version("langsmith")}.

## LangChain

${tableOf(langchain)}

## AI SDK 7

${tableOf(aiSdk)}
`;
  await expect(page).toMatchFileSnapshot(PAGE);
});
