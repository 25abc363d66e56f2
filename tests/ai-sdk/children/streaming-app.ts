import { setRivulet } from "@rivulet/ai-sdk/register";
import { createRivulet } from "@rivulet/core";
import { streamText } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { opening, streamOf } from "../support/mock-content.ts";

// An app that is in the middle of an answer, and closes its client when it is told to stop.
const rivulet = createRivulet({ store: process.argv[2] ?? "memory:" });
setRivulet(rivulet);
const alive = setInterval(() => undefined, 60_000);
process.once("SIGTERM", () => {
  clearInterval(alive);
  void rivulet.close();
});

const model = new MockLanguageModelV4({
  modelId: "m",
  // The provider says no more.
  doStream: async () => streamOf(opening("Half an ", "answer"), () => new Promise(() => undefined)),
});

const { textStream } = rivulet.withSpan("request", () => streamText({ model, prompt: "p" }), {
  untilStreamEnds: true,
});
let text = "";
for await (const part of textStream) {
  text += part;
  if (text === "Half an answer") process.stdout.write("streaming\n");
}
