import {
  AIMessage,
  type BaseMessage,
  HumanMessage,
  SystemMessage,
  ToolMessage,
} from "@langchain/core/messages";
import { expect, test } from "vitest";
import { PDF, PNG, type SentFile } from "../../langchain/providers/request-parts.ts";
import { CHAT, CLAUDE, faults, opened, type Provider, RESPONSE } from "./sent-requests.ts";

const cache_control = { type: "ephemeral" };
const image = { type: "base64", media_type: "image/png", data: PNG.base64 };
const PNG_URL = `data:image/png;base64,${PNG.base64}`;
const call = { id: "zz.call_id", name: "zz.tool", args: { city: "zz.argument" } };
const asked = new AIMessage({ content: "", tool_calls: [call] });
const answer = (content: unknown, more: object = {}): BaseMessage =>
  new ToolMessage({ content: content as never, tool_call_id: "zz.call_id", ...more });

test.each<[string, Provider, readonly BaseMessage[], readonly SentFile[]]>([
  [
    "a system message of several texts, of which one is cached",
    CLAUDE,
    [
      new SystemMessage({
        content: [
          { type: "text", text: "zz.rules", cache_control },
          { type: "text", text: "zz.more" },
        ] as never,
      }),
      new HumanMessage("zz.question"),
    ],
    [],
  ],
  [
    "what Anthropic's model has said before",
    CLAUDE,
    [
      new HumanMessage("zz.question"),
      new AIMessage({
        content: [
          { type: "thinking", thinking: "zz.thought", signature: "zz.signature" },
          { type: "redacted_thinking", data: "zz.redacted" },
          { type: "text", text: "zz.text" },
          {
            type: "server_tool_use",
            id: "zz.search_id",
            name: "web_search",
            input: { query: "zz.query" },
          },
          {
            type: "web_search_tool_result",
            tool_use_id: "zz.search_id",
            content: [
              {
                type: "web_search_result",
                url: "https://zz.found",
                title: "zz.title",
                encrypted_content: "zz.encrypted",
              },
            ],
          },
          { type: "tool_use", id: "zz.call_id", name: "zz.tool", input: { city: "zz.argument" } },
        ] as never,
        tool_calls: [call],
      }),
      answer("zz.result"),
    ],
    [],
  ],
  [
    "an image and a paper that a tool answers",
    CLAUDE,
    [
      new HumanMessage("zz.question"),
      asked,
      answer(
        [
          { type: "text", text: "zz.text" },
          { type: "image", source: image, cache_control },
          {
            type: "document",
            source: { type: "base64", media_type: "application/pdf", data: PDF.base64 },
            title: "zz.title",
          },
        ],
        { status: "error", artifact: { rows: "zz.artifact" } },
      ),
    ],
    [PNG, PDF],
  ],
  [
    "an image of LangChain's older kind that a tool answers",
    CLAUDE,
    [
      new HumanMessage("zz.question"),
      asked,
      answer([{ type: "image", source_type: "base64", data: PNG.base64, mime_type: "image/png" }]),
    ],
    [PNG],
  ],
  [
    "files that a tool answers in the form of OpenAI's responses",
    RESPONSE,
    [
      new HumanMessage("zz.question"),
      asked,
      answer([
        { type: "input_text", text: "zz.text" },
        { type: "input_image", image_url: PNG_URL },
        { type: "input_file", file_id: "zz.file_id" },
      ]),
    ],
    [PNG],
  ],
  [
    "the picture of a screen that a computer is used by",
    RESPONSE,
    [
      new HumanMessage("zz.question"),
      answer([{ type: "computer_screenshot", image_url: PNG_URL }], {
        additional_kwargs: { type: "computer_call_output" },
      }),
    ],
    [PNG],
  ],
  [
    "an image that OpenAI's model has made before",
    RESPONSE,
    [
      new HumanMessage("zz.question"),
      new AIMessage({
        content: [{ type: "text", text: "zz.text" }] as never,
        additional_kwargs: {
          reasoning: {
            id: "zz.reasoning_id",
            type: "reasoning",
            summary: [],
            encrypted_content: "zz.encrypted",
          },
          tool_outputs: [
            {
              type: "image_generation_call",
              id: "zz.image_id",
              result: PNG.base64,
              revised_prompt: "zz.revised",
            },
          ],
        },
      }),
      new HumanMessage("zz.more"),
    ],
    [PNG],
  ],
  [
    "an answer of standard content",
    RESPONSE,
    [
      new HumanMessage("zz.question"),
      new AIMessage({
        contentBlocks: [
          { type: "reasoning", reasoning: "zz.thought" },
          {
            type: "text",
            text: "zz.text",
            annotations: [{ type: "citation", url: "https://zz.url", title: "zz.title" }],
          },
          { type: "tool_call", ...call },
          {
            type: "server_tool_call",
            id: "zz.search_id",
            name: "web_search",
            args: { query: "zz.query" },
          },
          {
            type: "server_tool_call_result",
            toolCallId: "zz.search_id",
            status: "success",
            output: { found: "zz.found" },
          },
        ],
      }),
      answer("zz.result"),
    ],
    [],
  ],
  [
    "a person's name, and a call of the oldest kind",
    CHAT,
    [
      new HumanMessage({ content: "zz.question", name: "zz.name" }),
      new AIMessage({
        content: "",
        additional_kwargs: {
          function_call: { name: "zz.tool", arguments: '{"city":"zz.argument"}' },
        },
      }),
    ],
    [],
  ],
])("of %s everything is kept, and once", async (...[, provider, messages, files]) => {
  const sent = await opened(provider)([...messages]);
  const given = messages.map((message) => {
    const { content, additional_kwargs, artifact } = message as ToolMessage;
    return [content, additional_kwargs, artifact];
  });
  expect(await faults(given, files, sent)).toEqual([]);
});
