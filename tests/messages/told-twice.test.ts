import { readMessage } from "@rivulet/core";
import { expect, test } from "vitest";

test("thoughts that the content has too are told once, with all that is known of them", () => {
  const message = readMessage({
    type: "ai",
    content: [
      { type: "reasoning", reasoning: "First." },
      { type: "reasoning", reasoning: "Then." },
      { type: "text", text: "Hi" },
    ],
    additional_kwargs: {
      reasoning: {
        id: "r1",
        summary: [
          { type: "summary_text", text: "First.", index: 0 },
          { type: "summary_text", text: "Then.", index: 1 },
        ],
        encrypted_content: "secret",
      },
    },
  });
  expect(message?.content).toEqual([
    { type: "reasoning", text: "First.", extra: { id: "r1", encrypted_content: "secret" } },
    { type: "reasoning", text: "Then." },
    { type: "text", text: "Hi" },
  ]);
});

test("other thoughts than those of the content are told before it", () => {
  const message = readMessage({
    role: "assistant",
    reasoning_content: "Hm.",
    content: [
      { type: "reasoning", text: "So." },
      { type: "text", text: "Hi" },
    ],
  });
  expect(message?.content).toEqual([
    { type: "reasoning", text: "Hm." },
    { type: "reasoning", text: "So." },
    { type: "text", text: "Hi" },
  ]);
});

test("a refusal that the content has too is told once", () => {
  const message = readMessage({
    type: "ai",
    content: [{ type: "refusal", refusal: "No." }],
    additional_kwargs: { refusal: "No." },
  });
  expect(message?.content).toEqual([{ type: "refusal", text: "No." }]);
});

test("an image that a provider's tool has made is one part, with what is known of it", () => {
  const message = readMessage({
    type: "ai",
    content: [{ type: "image", mimeType: "image/png", data: "iVBORw==", id: "i1" }],
    additional_kwargs: {
      tool_outputs: [
        { type: "image_generation_call", id: "i1", result: "iVBORw==", revised_prompt: "A cat" },
      ],
    },
  });
  expect(message).toEqual({
    role: "assistant",
    content: [
      {
        type: "media",
        kind: "image",
        mediaType: "image/png",
        data: "iVBORw==",
        extra: { id: "i1", revised_prompt: "A cat" },
      },
    ],
  });
});

test("what a provider's tool has done is kept, unless the parts say all of it", () => {
  const call = { type: "server_tool_call", id: "s1", name: "web_search", args: { query: "Ulm" } };
  const told = { type: "web_search_call", id: "s1", action: { query: "Ulm" } };
  const untold = { type: "mcp_call", id: "m1", name: "find", output: "Nothing" };
  const bare = { type: "web_search_call", id: "s2", status: "completed" };
  const message = readMessage({
    type: "ai",
    content: [call],
    additional_kwargs: { tool_outputs: [told, untold, bare] },
  });
  expect(message?.extra).toEqual({ tool_outputs: [untold, bare] });
});

test("thoughts may be a list of texts, as Mistral gives them", () => {
  const message = readMessage({
    role: "assistant",
    content: [{ type: "thinking", thinking: [{ type: "text", text: "Hm." }] }],
  });
  expect(message?.content).toEqual([{ type: "reasoning", text: "Hm." }]);
});
