import { HumanMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";
import { GEMINI, MISTRAL_CHAT, OLLAMA_CHAT } from "../../langchain/providers/other-answers.ts";
import {
  ANTHROPIC_PARTS,
  BEDROCK_PARTS,
  COMPLETIONS_PARTS,
  GENAI_PARTS,
  GOOGLE_PARTS,
  MISTRAL_PARTS,
  OLLAMA_PARTS,
  RESPONSES_PARTS,
  type SentPart,
  STANDARD_BLOCKS,
} from "../../langchain/providers/request-parts.ts";
import { genAI, mistral, ollama, openRouter } from "./provider-models.ts";
import {
  CHAT,
  CLAUDE,
  CONVERSE,
  faults,
  GEMINI_MODEL,
  opened,
  type Provider,
  RESPONSE,
} from "./sent-requests.ts";

test.each<[string, Provider, readonly SentPart[]]>([
  ["OpenAI", CHAT, COMPLETIONS_PARTS],
  ["OpenAI's responses", RESPONSE, RESPONSES_PARTS],
  ["OpenRouter", [openRouter, CHAT[1]], COMPLETIONS_PARTS.slice(0, 8)],
  ["Anthropic", CLAUDE, ANTHROPIC_PARTS],
  ["Google", GEMINI_MODEL, GOOGLE_PARTS],
  ["Google GenAI", [genAI, GEMINI[0]], GENAI_PARTS],
  ["Bedrock", CONVERSE, BEDROCK_PARTS],
  ["Mistral", [mistral, MISTRAL_CHAT[0]], MISTRAL_PARTS],
  ["Ollama", [ollama, OLLAMA_CHAT[1]], OLLAMA_PARTS],
  ["Google, as standard content,", GEMINI_MODEL, STANDARD_BLOCKS],
])("what a person sends to %s is kept, all of it, and once", async (name, provider, parts) => {
  const call = opened(provider);
  for (const [part, files, stored] of parts) {
    const content = [part, { type: "text", text: "And?" }] as never;
    const isStandard = name.includes("standard");
    const sent = await call([
      new HumanMessage(isStandard ? { contentBlocks: content } : { content }),
    ]);
    expect([sent.input.messages[0]?.content, await faults(part, files, sent)]).toMatchObject([
      [stored, { type: "text", text: "And?" }],
      [],
    ]);
  }
});
