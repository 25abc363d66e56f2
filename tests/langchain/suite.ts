import { describe } from "vitest";
import { describeAgents } from "./agents.ts";
import { describeCallers } from "./callers.ts";
import { describeChains } from "./chains.ts";
import { describeContext } from "./context.ts";
import { describeEmbeddings } from "./embeddings.ts";
import { describeGraphs } from "./graphs.ts";
import { describeInstrument } from "./instrument.ts";
import type { Lab } from "./lab.ts";
import { describeMessages } from "./messages.ts";
import { describeOwnContext } from "./own-context.ts";
import { describePrompts } from "./prompts.ts";
import { describeStreams } from "./streams.ts";

/** Everything the adapter does, on one set of versions. */
export function describeLangChain(lab: Lab): void {
  describe(`LangChain ${lab.name}`, () => {
    describe("chains", () => describeChains(lab));
    describe("streams", () => describeStreams(lab));
    describe("agents", () => describeAgents(lab));
    describe("graphs", () => describeGraphs(lab));
    describe("context", () => describeContext(lab));
    describe("own context", () => describeOwnContext(lab));
    describe("callers", () => describeCallers(lab));
    describe("messages", () => describeMessages(lab));
    describe("prompts", () => describePrompts(lab));
    describe("embeddings", () => describeEmbeddings(lab));
    describe("instrumented", () => describeInstrument(lab));
  });
}
