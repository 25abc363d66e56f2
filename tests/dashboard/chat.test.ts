import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type DashboardApp, startApp } from "./app.ts";
import { launchChromium } from "./chromium.ts";
import { type WatchedPage, watchPage } from "./watched-page.ts";

let browser: Browser;
let app: DashboardApp;
let watched: WatchedPage;
beforeAll(async () => {
  [browser, app] = await Promise.all([launchChromium(), startApp()]);
  watched = await watchPage(browser, app.origin);
});
afterAll(() => Promise.all([browser.close(), app.close()]));

/** An image of one pixel. */
const DOT =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** One conversation, as each library tells it. */
const SHAPES: readonly { readonly name: string; readonly input: unknown }[] = [
  {
    name: "Rivulet's adapters",
    input: {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: [{ type: "text", text: "What is it?" }] },
        { role: "assistant", content: "", tool_calls: [{ id: "1", name: "find", arguments: {} }] },
        { role: "tool", name: "find", tool_call_id: "1", content: "a rose" },
      ],
    },
  },
  {
    name: "OpenAI",
    input: {
      messages: [
        { role: "developer", content: "Be brief." },
        { role: "user", content: "What is it?" },
        {
          role: "assistant",
          content: null,
          tool_calls: [{ id: "1", type: "function", function: { name: "find", arguments: "{}" } }],
        },
        { role: "tool", name: "find", tool_call_id: "1", content: "a rose" },
      ],
    },
  },
  {
    name: "LangChain",
    input: [
      [
        { type: "system", content: "Be brief." },
        { type: "human", content: "What is it?" },
        {
          lc: 1,
          type: "constructor",
          id: ["langchain_core", "messages", "AIMessage"],
          kwargs: { content: "", tool_calls: [{ id: "1", name: "find", args: {} }] },
        },
        { type: "tool", name: "find", tool_call_id: "1", content: "a rose" },
      ],
    ],
  },
  {
    name: "the AI SDK",
    input: {
      system: "Be brief.",
      prompt: [
        { role: "user", content: [{ type: "text", text: "What is it?" }] },
        {
          role: "assistant",
          content: [{ type: "tool-call", toolCallId: "1", toolName: "find", input: {} }],
        },
        {
          role: "tool",
          content: [
            {
              type: "tool-result",
              toolCallId: "1",
              toolName: "find",
              output: { type: "text", value: "a rose" },
            },
          ],
        },
      ],
    },
  },
  {
    name: "Anthropic",
    input: {
      system: [{ type: "text", text: "Be brief." }],
      messages: [
        { role: "user", content: "What is it?" },
        { role: "assistant", content: [{ type: "tool_use", id: "1", name: "find", input: {} }] },
        {
          role: "tool",
          content: [{ type: "tool_result", tool_use_id: "1", name: "find", content: "a rose" }],
        },
      ],
    },
  },
  {
    name: "Gemini",
    input: {
      systemInstruction: { parts: [{ text: "Be brief." }] },
      contents: [
        { role: "user", parts: [{ text: "What is it?" }] },
        { role: "model", parts: [{ functionCall: { name: "find", args: {} } }] },
        { role: "tool", parts: [{ functionResponse: { name: "find", response: "a rose" } }] },
      ],
    },
  },
  {
    name: "OpenAI's responses",
    input: {
      instructions: "Be brief.",
      input: [
        { role: "user", content: [{ type: "input_text", text: "What is it?" }] },
        { type: "function_call", call_id: "1", name: "find", arguments: "{}" },
        { type: "function_call_output", call_id: "1", name: "find", output: "a rose" },
      ],
    },
  },
  {
    name: "the one form of all",
    input: {
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "What is it?" },
        {
          role: "assistant",
          content: [{ type: "tool_call", id: "1", name: "find", arguments: {} }],
        },
        {
          role: "tool",
          content: [{ type: "tool_result", id: "1", name: "find", content: "a rose" }],
        },
      ],
    },
  },
];

/** Each message on one line: its role, its text, the tool that it calls. */
async function readMessages(traceId: string): Promise<readonly string[]> {
  const { page } = watched;
  await page.goto(`${app.url}#/traces/${traceId}`);
  await page.locator(".message").first().waitFor();
  return page.locator(".message").evaluateAll((messages) =>
    messages.map((message) => {
      const role = message.querySelector(".message-role")?.firstChild?.textContent;
      const parts = [...message.querySelectorAll(".tool-title code, .plain-text")];
      return [role, ...parts.map((part) => part.textContent)].join(" | ");
    }),
  );
}

describe("a conversation", () => {
  it.each(SHAPES)("is shown as messages when it comes from $name", async ({ input }) => {
    const span = app.rivulet.startSpan("chat", { type: "chat_model", input });
    span.end();
    await app.rivulet.flush();
    expect(await readMessages(span.traceId)).toEqual([
      "System | Be brief.",
      "User | What is it?",
      "Assistant | find",
      "Tool | find | a rose",
    ]);
    expect(await watched.problems()).toEqual([]);
  });

  it("shows an answer in parts: reasoning, text, a file without its bytes", async () => {
    const span = app.rivulet.startSpan("chat", { type: "chat_model" });
    span.end({
      output: {
        content: [
          { type: "reasoning", text: "Let me look." },
          { type: "text", text: "A **rose**." },
          { type: "file", mediaType: "image/png", url: "[12 bytes left out]" },
        ],
      },
    });
    await app.rivulet.flush();
    const { page } = watched;
    await page.goto(`${app.url}#/traces/${span.traceId}`);
    await page.getByText("Reasoning").click();
    await page.getByText("Let me look.").waitFor();
    await expect.poll(() => page.locator(".markdown strong").textContent()).toBe("rose");
    await expect.poll(() => page.getByText("image/png").count()).toBe(1);
    expect(await watched.problems()).toEqual([]);
  });

  it("shows files, failures and what no part stands for", async () => {
    const span = app.rivulet.startSpan("chat", {
      type: "chat_model",
      input: {
        messages: [
          {
            role: "user",
            content: [
              {
                type: "media",
                kind: "image",
                mediaType: "image/png",
                name: "dot.png",
                data: DOT,
              },
              { type: "media", kind: "document", url: "https://example.org/a.pdf", size: 2_048 },
              { type: "media", kind: "audio", mediaType: "audio/wav", text: "spoken words" },
            ],
            extra: { mood: "kind" },
          },
          {
            role: "assistant",
            content: [
              { type: "tool_call", id: "1", name: "find", invalidArguments: '{"q":' },
              { type: "refusal", text: "I will not." },
            ],
          },
          {
            role: "tool",
            content: [
              { type: "tool_result", id: "1", name: "find", content: "no luck", isError: true },
            ],
          },
        ],
      },
    });
    span.end();
    await app.rivulet.flush();
    const { page } = watched;
    await page.goto(`${app.url}#/traces/${span.traceId}`);
    await page.locator(".message").first().waitFor();
    const image = page.getByRole("img", { name: "dot.png" });
    await expect
      .poll(() => image.evaluate((drawn: HTMLImageElement) => drawn.naturalWidth))
      .toBe(1);
    await expect
      .poll(() => page.locator(".message .chip").allTextContents())
      .toEqual([
        "image/png",
        "dot.png",
        "document",
        "2.0 kB",
        "https://example.org/a.pdf",
        "audio/wav",
      ]);
    await expect
      .poll(() => page.locator(".message .plain-text").allTextContents())
      .toEqual(["spoken words", '{"q":', "I will not.", "no luck"]);
    await expect
      .poll(() => page.locator(".tool-title").allTextContents())
      .toEqual(["calls find1", "refuses", "failed find1"]);
    await page.getByText("More", { exact: true }).click();
    await page.getByText("mood").waitFor();
    expect(await watched.problems()).toEqual([]);
  });

  it("hides nothing that stands beside it", async () => {
    const span = app.rivulet.startSpan("answer", {
      input: { question: "Which rose?", order: 107505301260286111n, text: "The red one." },
    });
    span.end();
    await app.rivulet.flush();
    const { page } = watched;
    await page.goto(`${app.url}#/traces/${span.traceId}`);
    await page.getByText("Beside the messages: question, order").click();
    await expect
      .poll(() => page.locator(".payload .json-leaf").allTextContents())
      .toEqual(['question: "Which rose?"', 'order: "107505301260286111"']);
  });

  it("is left as JSON when it is none", async () => {
    const span = app.rivulet.startSpan("numbers", { input: { a: 1, messages: [1, 2] } });
    span.end();
    await app.rivulet.flush();
    const { page } = watched;
    await page.goto(`${app.url}#/traces/${span.traceId}`);
    await page.getByText("messages:").waitFor();
    await expect.poll(() => page.locator(".message").count()).toBe(0);
  });
});
