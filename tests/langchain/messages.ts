import type { BaseMessage } from "@langchain/core/messages";
import { messageSchema } from "@rivulet/core";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { expect, test } from "vitest";
import { openClient } from "./client.ts";
import type { Lab } from "./lab.ts";
import { scriptedModel } from "./scripted-model.ts";

/** What is kept of messages, with the classes of each version. */
export function describeMessages(lab: Lab): void {
  const { AIMessage, ToolMessage, RemoveMessage, ChatMessage } = lab.messages;

  async function stored(message: object): Promise<unknown> {
    const { rivulet, span } = openClient();
    await scriptedModel(lab).invoke([message as BaseMessage], {
      callbacks: [new RivuletCallbackHandler(rivulet)],
    });
    const { messages } = (await span("Scripted")).input as { messages: readonly unknown[] };
    expect(messageSchema.array().parse(messages)).toEqual(messages);
    return messages[0];
  }

  test("keeps calls once that are told as content, as calls and as the provider told them", async () => {
    const message = new AIMessage({
      content: [
        { type: "text", text: "Let me see." },
        { type: "tool_use", id: "t1", name: "weather", input: { city: "Ulm" } },
      ],
      tool_calls: [{ id: "t1", name: "weather", args: { city: "Ulm" }, type: "tool_call" }],
      invalid_tool_calls: [{ id: "t2", name: "weather", args: "{", error: "Malformed args." }],
      additional_kwargs: {
        tool_calls: [
          {
            id: "t1",
            type: "function",
            function: { name: "weather", arguments: '{"city":"Ulm"}' },
          },
        ],
      },
    } as never);
    expect(await stored(message)).toEqual({
      role: "assistant",
      content: [
        { type: "text", text: "Let me see." },
        { type: "tool_call", id: "t1", name: "weather", arguments: { city: "Ulm" } },
        {
          type: "tool_call",
          id: "t2",
          name: "weather",
          invalidArguments: "{",
          extra: { error: "Malformed args." },
        },
      ],
    });
  });

  test("keeps what providers say beside the content: thoughts, speech, refusals and more", async () => {
    const message = new AIMessage({
      content: "",
      additional_kwargs: {
        reasoning_content: "Hm.",
        refusal: "No.",
        audio: { id: "audio_1", transcript: "Hello" },
        tool_outputs: [{ type: "web_search_call", id: "ws_1" }],
      },
      response_metadata: { model_name: "gpt" },
    });
    expect(await stored(message)).toEqual({
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm." },
        { type: "refusal", text: "No." },
        { type: "media", kind: "audio", fileId: "audio_1", text: "Hello" },
      ],
      extra: { tool_outputs: [{ type: "web_search_call", id: "ws_1" }] },
    });
  });

  test("keeps of a tool's answer that it failed, and what it keeps for the app", async () => {
    const message = new ToolMessage({
      content: "None",
      name: "find",
      tool_call_id: "t1",
      status: "error",
      artifact: { rows: [1] },
    });
    expect(await stored(message)).toEqual({
      role: "tool",
      content: [
        {
          type: "tool_result",
          id: "t1",
          name: "find",
          content: "None",
          isError: true,
          artifact: { rows: [1] },
        },
      ],
    });
  });

  test("keeps roles of one's own, and which message is to be removed", async () => {
    expect(await stored(new ChatMessage({ role: "critic", content: "Bad." }))).toEqual({
      role: "critic",
      content: "Bad.",
    });
    expect(await stored(new RemoveMessage({ id: "m1" }))).toEqual({
      role: "remove",
      content: "",
      extra: { id: "m1" },
    });
  });
}
