import { HumanMessage } from "@langchain/core/messages";
import { expect, test } from "vitest";
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

const cache_control = { type: "ephemeral" };
const parameters = {
  type: "object",
  properties: { city: { type: "string", description: "zz.field" } },
};

test.each<[string, Provider, readonly object[], readonly object[]]>([
  [
    "OpenAI",
    CHAT,
    [
      {
        type: "function",
        function: { name: "zz.tool", description: "zz.about", parameters, strict: true },
      },
    ],
    [{ name: "zz.tool", description: "zz.about", parameters, strict: true }],
  ],
  [
    "OpenAI's responses",
    RESPONSE,
    [
      {
        type: "web_search",
        filters: { allowed_domains: ["zz.domain"] },
        search_context_size: "low",
      },
      { type: "file_search", vector_store_ids: ["zz.store"], max_num_results: 3 },
      {
        type: "mcp",
        server_label: "zz.label",
        server_url: "https://zz.server",
        require_approval: "never",
      },
      { type: "code_interpreter", container: { type: "auto" } },
      {
        type: "custom",
        name: "zz.custom",
        format: { type: "grammar", syntax: "lark", definition: "zz.grammar" },
      },
    ],
    [
      { type: "web_search", filters: { allowed_domains: ["zz.domain"] } },
      { type: "file_search", max_num_results: 3 },
      { type: "mcp", require_approval: "never" },
      { type: "code_interpreter", container: { type: "auto" } },
      { type: "custom", name: "zz.custom", format: { type: "grammar" } },
    ],
  ],
  [
    "Anthropic",
    CLAUDE,
    [
      {
        type: "web_search_20250305",
        name: "web_search",
        max_uses: 3,
        allowed_domains: ["zz.domain"],
      },
      {
        name: "zz.tool",
        description: "zz.about",
        input_schema: parameters,
        cache_control,
        strict: true,
        defer_loading: true,
      },
    ],
    [
      {
        type: "web_search_20250305",
        name: "web_search",
        max_uses: 3,
        allowed_domains: ["zz.domain"],
      },
      { name: "zz.tool", parameters, cache_control, strict: true, defer_loading: true },
    ],
  ],
  [
    "Google",
    GEMINI_MODEL,
    [
      { googleSearch: { excludeDomains: ["zz.domain"] } },
      { functionDeclarations: [{ name: "zz.tool", description: "zz.about", parameters }] },
    ],
    [
      { name: "googleSearch", googleSearch: { excludeDomains: ["zz.domain"] } },
      { name: "zz.tool", parameters },
    ],
  ],
  [
    "Bedrock",
    CONVERSE,
    [
      {
        toolSpec: {
          name: "zz.tool",
          description: "zz.about",
          inputSchema: { json: parameters },
          strict: true,
        },
      },
    ],
    [{ name: "zz.tool", description: "zz.about", parameters, strict: true }],
  ],
])("of the tools that %s is given everything is kept, and once", async (...given) => {
  const [, provider, tools, stored] = given;
  const sent = await opened(provider)([new HumanMessage("zz.question")], { tools });
  expect(sent.input.tools).toMatchObject(stored);
  expect(await faults(tools, [], sent)).toEqual([]);
});
