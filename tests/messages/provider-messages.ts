import type { Message } from "@rivulet/domain";

/** A message as a provider or a framework writes it, and the same message in the one form of all. */
export interface WrittenMessage {
  readonly from: string;
  readonly written: unknown;
  readonly message: Message;
}

const PNG = "iVBORw0KGgo=";
const CITY = { city: "Ulm" };

/** Messages of OpenAI's chat completions, and of servers that speak like it. */
export const CHAT_MESSAGES: readonly WrittenMessage[] = [
  {
    from: "a plain message",
    written: { role: "user", content: "Hi" },
    message: { role: "user", content: "Hi" },
  },
  {
    from: "a message with its text in a list",
    written: { role: "user", content: [{ type: "text", text: "Hi" }] },
    message: { role: "user", content: "Hi" },
  },
  {
    from: "Mistral: thoughts, an image, a document, speech",
    written: {
      role: "user",
      content: [
        { type: "thinking", thinking: [{ type: "text", text: "Hm." }] },
        { type: "image_url", imageUrl: { url: "https://a.example/1.png" } },
        { type: "document_url", documentUrl: "https://a.example/1.pdf", documentName: "report" },
        { type: "input_audio", inputAudio: PNG },
      ],
    },
    message: {
      role: "user",
      content: [
        { type: "reasoning", text: "Hm." },
        { type: "media", kind: "image", url: "https://a.example/1.png" },
        { type: "media", kind: "document", name: "report", url: "https://a.example/1.pdf" },
        { type: "media", kind: "audio", data: PNG },
      ],
    },
  },
  {
    from: "Ollama: thoughts, images beside the text",
    written: { role: "assistant", thinking: "Hm.", content: "See.", images: [PNG] },
    message: {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm." },
        { type: "text", text: "See." },
        { type: "media", kind: "image", data: PNG },
      ],
    },
  },
  {
    from: "Ollama: what a tool has answered",
    written: { role: "tool", tool_name: "weather", content: "Rain" },
    message: {
      role: "tool",
      content: [{ type: "tool_result", name: "weather", content: "Rain" }],
    },
  },
  {
    from: "OpenAI: calls of tools, one with arguments that were cut off",
    written: {
      role: "assistant",
      content: null,
      refusal: null,
      annotations: [],
      tool_calls: [
        { id: "c1", type: "function", function: { name: "weather", arguments: '{"city":"Ulm"}' } },
        { id: "c2", type: "function", function: { name: "weather", arguments: '{"city":"U' } },
        { id: "c3", type: "function", function: { name: "now", arguments: "" } },
        { id: "c4", type: "custom", custom: { name: "sh", input: "ls" } },
      ],
    },
    message: {
      role: "assistant",
      content: [
        { type: "tool_call", id: "c1", name: "weather", arguments: CITY },
        { type: "tool_call", id: "c2", name: "weather", invalidArguments: '{"city":"U' },
        { type: "tool_call", id: "c3", name: "now", arguments: {} },
        { type: "tool_call", id: "c4", name: "sh", arguments: "ls" },
      ],
    },
  },
  {
    from: "OpenAI: an argument that is larger than numbers can be",
    written: {
      role: "assistant",
      content: "",
      tool_calls: [{ id: "c", function: { name: "f", arguments: '{"id":1234567890123456789}' } }],
    },
    message: {
      role: "assistant",
      content: [
        {
          type: "tool_call",
          id: "c",
          name: "f",
          arguments: { id: 1234567890123456800 },
          extra: { arguments: '{"id":1234567890123456789}' },
        },
      ],
    },
  },
  {
    from: "OpenAI: the answer of a tool",
    written: { role: "tool", tool_call_id: "c1", content: "Rain" },
    message: { role: "tool", content: [{ type: "tool_result", id: "c1", content: "Rain" }] },
  },
  {
    from: "OpenAI: a function's call and answer, as they were once",
    written: {
      role: "assistant",
      content: null,
      function_call: { name: "weather", arguments: '{"city":"Ulm"}' },
    },
    message: {
      role: "assistant",
      content: [{ type: "tool_call", name: "weather", arguments: CITY }],
    },
  },
  {
    from: "OpenAI: images, sound and files",
    written: {
      role: "user",
      name: "ann",
      content: [
        { type: "text", text: "Look" },
        { type: "image_url", image_url: { url: "https://example.org/a.png", detail: "low" } },
        { type: "image_url", image_url: { url: `data:image/png;base64,${PNG}` } },
        { type: "input_audio", input_audio: { data: "UklGRg==", format: "wav" } },
        { type: "file", file: { file_id: "file-1", filename: "a.pdf" } },
        {
          type: "file",
          file: { filename: "b.pdf", file_data: "data:application/pdf;base64,QUJD" },
        },
      ],
    },
    message: {
      role: "user",
      name: "ann",
      content: [
        { type: "text", text: "Look" },
        {
          type: "media",
          kind: "image",
          url: "https://example.org/a.png",
          extra: { image_url: { detail: "low" } },
        },
        { type: "media", kind: "image", mediaType: "image/png", data: PNG },
        { type: "media", kind: "audio", mediaType: "audio/wav", data: "UklGRg==" },
        { type: "media", kind: "document", name: "a.pdf", fileId: "file-1" },
        {
          type: "media",
          kind: "document",
          mediaType: "application/pdf",
          name: "b.pdf",
          data: "QUJD",
        },
      ],
    },
  },
  {
    from: "OpenAI: spoken words, sources and a refusal",
    written: {
      role: "assistant",
      content: "See there.",
      refusal: "No.",
      annotations: [{ type: "url_citation", url_citation: { url: "https://example.org" } }],
      audio: { id: "audio_1", data: "UklGRg==", expires_at: 9, transcript: "Hello" },
    },
    message: {
      role: "assistant",
      content: [
        {
          type: "text",
          text: "See there.",
          annotations: [{ type: "url_citation", url_citation: { url: "https://example.org" } }],
        },
        { type: "refusal", text: "No." },
        {
          type: "media",
          kind: "audio",
          data: "UklGRg==",
          fileId: "audio_1",
          text: "Hello",
          extra: { expires_at: 9 },
        },
      ],
    },
  },
  {
    from: "DeepSeek: thoughts beside the answer",
    written: { role: "assistant", reasoning_content: "Hm.", content: "Yes" },
    message: {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm." },
        { type: "text", text: "Yes" },
      ],
    },
  },
  {
    from: "a message with fields that nobody knows",
    written: {
      role: "system",
      content: [{ type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } }],
      mood: "kind",
    },
    message: {
      role: "system",
      content: [
        { type: "text", text: "Be brief.", extra: { cache_control: { type: "ephemeral" } } },
      ],
      extra: { mood: "kind" },
    },
  },
  {
    from: "a message with a part that nobody knows",
    written: { role: "user", content: [{ type: "smell", of: "roses" }, 7] },
    message: {
      role: "user",
      content: [
        { type: "data", value: { type: "smell", of: "roses" } },
        { type: "data", value: 7 },
      ],
    },
  },
];

/** Messages of Anthropic and Gemini. */
export const BLOCK_MESSAGES: readonly WrittenMessage[] = [
  {
    from: "Anthropic: thoughts, text with sources, a call",
    written: {
      role: "assistant",
      content: [
        { type: "thinking", thinking: "Hm.", signature: "sig" },
        { type: "redacted_thinking", data: "xyz" },
        { type: "text", text: "Rain", citations: [{ type: "char_location", cited_text: "rain" }] },
        { type: "tool_use", id: "t1", name: "weather", input: CITY },
        { type: "server_tool_use", id: "s1", name: "web_search", input: { query: "Ulm" } },
        {
          type: "web_search_tool_result",
          tool_use_id: "s1",
          content: [{ type: "web_search_result", url: "https://example.org" }],
        },
      ],
    },
    message: {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm.", extra: { signature: "sig" } },
        { type: "reasoning", text: "", extra: { type: "redacted_thinking", data: "xyz" } },
        {
          type: "text",
          text: "Rain",
          annotations: [{ type: "char_location", cited_text: "rain" }],
        },
        { type: "tool_call", id: "t1", name: "weather", arguments: CITY },
        {
          type: "tool_call",
          id: "s1",
          name: "web_search",
          arguments: { query: "Ulm" },
          extra: { type: "server_tool_use" },
        },
        {
          type: "tool_result",
          id: "s1",
          content: [
            { type: "data", value: [{ type: "web_search_result", url: "https://example.org" }] },
          ],
          extra: { type: "web_search_tool_result" },
        },
      ],
    },
  },
  {
    from: "Anthropic: results with images, and documents",
    written: {
      role: "user",
      content: [
        {
          type: "tool_result",
          tool_use_id: "t1",
          is_error: true,
          content: [
            { type: "text", text: "Seen:" },
            { type: "image", source: { type: "base64", media_type: "image/png", data: PNG } },
          ],
        },
        {
          type: "document",
          title: "Law",
          source: { type: "url", url: "https://example.org/a.pdf" },
        },
        { type: "document", source: { type: "file", file_id: "file_1" } },
        { type: "document", source: { type: "text", media_type: "text/plain", data: "Words" } },
      ],
    },
    message: {
      role: "user",
      content: [
        {
          type: "tool_result",
          id: "t1",
          content: [
            { type: "text", text: "Seen:" },
            { type: "media", kind: "image", mediaType: "image/png", data: PNG },
          ],
          isError: true,
        },
        { type: "media", kind: "document", name: "Law", url: "https://example.org/a.pdf" },
        { type: "media", kind: "document", fileId: "file_1" },
        { type: "media", kind: "document", mediaType: "text/plain", text: "Words" },
      ],
    },
  },
  {
    from: "Gemini: what a model says and calls",
    written: {
      role: "model",
      parts: [
        { text: "Hm.", thought: true },
        { text: "Rain", thoughtSignature: "sig" },
        { functionCall: { name: "weather", args: CITY }, thoughtSignature: "sig2" },
        { executableCode: { language: "PYTHON", code: "1+1" } },
        { codeExecutionResult: { outcome: "OUTCOME_OK", output: "2" } },
      ],
    },
    message: {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm." },
        { type: "text", text: "Rain", extra: { thoughtSignature: "sig" } },
        {
          type: "tool_call",
          name: "weather",
          arguments: CITY,
          extra: { thoughtSignature: "sig2" },
        },
        {
          type: "tool_call",
          name: "executableCode",
          arguments: { language: "PYTHON", code: "1+1" },
        },
        {
          type: "tool_result",
          name: "executableCode",
          content: "2",
          extra: { outcome: "OUTCOME_OK" },
        },
      ],
    },
  },
  {
    from: "Gemini: what a user sends",
    written: {
      role: "user",
      parts: [
        { inlineData: { mimeType: "audio/mp3", data: "SUQz" } },
        { fileData: { mimeType: "video/mp4", fileUri: "gs://bucket/a.mp4" } },
        { functionResponse: { name: "weather", response: { sky: "rain" } } },
      ],
    },
    message: {
      role: "user",
      content: [
        { type: "media", kind: "audio", mediaType: "audio/mp3", data: "SUQz" },
        { type: "media", kind: "video", mediaType: "video/mp4", url: "gs://bucket/a.mp4" },
        {
          type: "tool_result",
          name: "weather",
          content: [{ type: "data", value: { sky: "rain" } }],
        },
      ],
    },
  },
  {
    from: "Gemini: what a function answers",
    written: {
      role: "function",
      parts: [{ functionResponse: { id: "f1", name: "weather", response: { sky: "rain" } } }],
    },
    message: {
      role: "tool",
      content: [
        {
          type: "tool_result",
          id: "f1",
          name: "weather",
          content: [{ type: "data", value: { sky: "rain" } }],
        },
      ],
    },
  },
];

/** Messages of LangChain, the AI SDK and MCP. */
export const FRAMEWORK_MESSAGES: readonly WrittenMessage[] = [
  {
    from: "LangChain: a message as JSON",
    written: {
      lc: 1,
      type: "constructor",
      id: ["langchain_core", "messages", "AIMessageChunk"],
      kwargs: {
        content: [
          { type: "text", text: "Rain" },
          { type: "tool_use", id: "t1", name: "weather", input: "" },
        ],
        tool_calls: [{ id: "t1", name: "weather", args: CITY, type: "tool_call" }],
        invalid_tool_calls: [],
        additional_kwargs: { stop_reason: "tool_use" },
        response_metadata: { model: "claude" },
      },
    },
    message: {
      role: "assistant",
      content: [
        { type: "text", text: "Rain" },
        { type: "tool_call", id: "t1", name: "weather", arguments: CITY },
      ],
      extra: { stop_reason: "tool_use", response_metadata: { model: "claude" } },
    },
  },
  {
    from: "LangChain: a message as its stores write it",
    written: { type: "human", data: { content: "Hi", additional_kwargs: {} } },
    message: { role: "user", content: "Hi" },
  },
  {
    from: "LangChain: what OpenAI says beside the content",
    written: {
      type: "ai",
      content: "",
      additional_kwargs: {
        reasoning_content: "Hm.",
        tool_calls: [
          { id: "c1", type: "function", function: { name: "f", arguments: '{"city":"Ulm"}' } },
        ],
        audio: { id: "audio_1", transcript: "Hello" },
      },
      tool_calls: [{ id: "c1", name: "f", args: CITY }],
      invalid_tool_calls: [{ id: "c2", name: "f", args: "{", error: "Malformed args." }],
    },
    message: {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm." },
        { type: "tool_call", id: "c1", name: "f", arguments: CITY },
        {
          type: "tool_call",
          id: "c2",
          name: "f",
          invalidArguments: "{",
          extra: { error: "Malformed args." },
        },
        { type: "media", kind: "audio", fileId: "audio_1", text: "Hello" },
      ],
    },
  },
  {
    from: "LangChain: a tool's answer with what it keeps for the app",
    written: {
      type: "tool",
      name: "find",
      tool_call_id: "c1",
      status: "error",
      content: "None",
      artifact: { rows: [] },
    },
    message: {
      role: "tool",
      content: [
        {
          type: "tool_result",
          id: "c1",
          name: "find",
          content: "None",
          isError: true,
          artifact: { rows: [] },
        },
      ],
    },
  },
  {
    from: "LangChain: content blocks of both versions",
    written: {
      type: "human",
      content: [
        { type: "image", source_type: "base64", mime_type: "image/png", data: PNG },
        { type: "file", source_type: "id", id: "file-1" },
        { type: "file", source_type: "text", text: "Words" },
        { type: "image", fileId: "file-2" },
        { type: "text-plain", mimeType: "text/plain", text: "Words" },
        { type: "non_standard", value: { a: 1 } },
      ],
    },
    message: {
      role: "user",
      content: [
        { type: "media", kind: "image", mediaType: "image/png", data: PNG },
        { type: "media", kind: "document", fileId: "file-1" },
        { type: "media", kind: "document", text: "Words" },
        { type: "media", kind: "image", fileId: "file-2" },
        { type: "media", kind: "document", mediaType: "text/plain", text: "Words" },
        { type: "data", value: { a: 1 } },
      ],
    },
  },
  {
    from: "the AI SDK: an answer",
    written: {
      role: "assistant",
      content: [
        { type: "reasoning", text: "Hm.", providerOptions: { anthropic: { signature: "sig" } } },
        { type: "tool-call", toolCallId: "t1", toolName: "weather", input: '{"city":"Ulm"}' },
        { type: "file", mediaType: "image/png", data: PNG },
      ],
    },
    message: {
      role: "assistant",
      content: [
        {
          type: "reasoning",
          text: "Hm.",
          extra: { providerOptions: { anthropic: { signature: "sig" } } },
        },
        { type: "tool_call", id: "t1", name: "weather", arguments: CITY },
        { type: "media", kind: "image", mediaType: "image/png", data: PNG },
      ],
    },
  },
  {
    from: "the AI SDK: results of tools in each of their forms",
    written: {
      role: "tool",
      content: [
        {
          type: "tool-result",
          toolCallId: "1",
          toolName: "a",
          output: { type: "text", value: "x" },
        },
        { type: "tool-result", toolCallId: "2", toolName: "b", output: { type: "json", value: 3 } },
        {
          type: "tool-result",
          toolCallId: "3",
          toolName: "c",
          output: { type: "error-text", value: "no luck" },
        },
        {
          type: "tool-result",
          toolCallId: "4",
          toolName: "d",
          output: {
            type: "content",
            value: [
              { type: "text", text: "Seen:" },
              { type: "image-data", mediaType: "image/png", data: PNG },
            ],
          },
        },
        {
          type: "tool-result",
          toolCallId: "5",
          toolName: "e",
          output: { type: "execution-denied", reason: "not now" },
        },
      ],
    },
    message: {
      role: "tool",
      content: [
        { type: "tool_result", id: "1", name: "a", content: "x" },
        { type: "tool_result", id: "2", name: "b", content: [{ type: "data", value: 3 }] },
        { type: "tool_result", id: "3", name: "c", content: "no luck", isError: true },
        {
          type: "tool_result",
          id: "4",
          name: "d",
          content: [
            { type: "text", text: "Seen:" },
            { type: "media", kind: "image", mediaType: "image/png", data: PNG },
          ],
        },
        { type: "tool_result", id: "5", name: "e", content: "not now" },
      ],
    },
  },
  {
    from: "the AI SDK: a UI message",
    written: {
      id: "m1",
      role: "assistant",
      parts: [
        { type: "step-start" },
        {
          type: "tool-weather",
          toolCallId: "t1",
          state: "output-available",
          input: CITY,
          output: { sky: "rain" },
        },
        { type: "text", text: "Rain", state: "done" },
      ],
    },
    message: {
      role: "assistant",
      content: [
        { type: "data", value: { type: "step-start" } },
        {
          type: "tool_call",
          id: "t1",
          name: "weather",
          arguments: CITY,
          extra: { type: "tool-weather", state: "output-available" },
        },
        {
          type: "tool_result",
          id: "t1",
          name: "weather",
          content: [{ type: "data", value: { sky: "rain" } }],
        },
        { type: "text", text: "Rain", extra: { state: "done" } },
      ],
      extra: { id: "m1" },
    },
  },
  {
    from: "MCP: a message of a prompt",
    written: { role: "user", content: { type: "text", text: "Hi" } },
    message: { role: "user", content: "Hi" },
  },
  {
    from: "MCP: resources",
    written: {
      role: "user",
      content: [
        { type: "image", mimeType: "image/png", data: PNG },
        {
          type: "resource",
          resource: { uri: "file:///a.md", mimeType: "text/markdown", text: "# A" },
        },
        { type: "resource_link", uri: "file:///b.md", name: "b.md", description: "Notes", size: 5 },
      ],
    },
    message: {
      role: "user",
      content: [
        { type: "media", kind: "image", mediaType: "image/png", data: PNG },
        {
          type: "media",
          kind: "document",
          mediaType: "text/markdown",
          url: "file:///a.md",
          text: "# A",
        },
        {
          type: "media",
          kind: "document",
          name: "b.md",
          url: "file:///b.md",
          size: 5,
          extra: { description: "Notes" },
        },
      ],
    },
  },
  {
    from: "Rivulet, before there was one form",
    written: {
      role: "assistant",
      content: [{ type: "image", mediaType: "image/png", url: "[12 bytes left out]" }],
      tool_calls: [{ id: "1", name: "find", arguments: { q: "rose" } }],
    },
    message: {
      role: "assistant",
      content: [
        { type: "media", kind: "image", mediaType: "image/png", size: 12 },
        { type: "tool_call", id: "1", name: "find", arguments: { q: "rose" } },
      ],
    },
  },
];
