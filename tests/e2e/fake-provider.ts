import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { onTestFinished } from "vitest";

interface ChatRequest {
  readonly messages: readonly { readonly role: string; readonly content: unknown }[];
}

/** A server that speaks OpenAI's protocol, in place of a paid model. */
export async function startFakeProvider(): Promise<{
  readonly baseUrl: string;
  /** The `authorization` headers of all requests. */
  readonly keys: readonly (string | undefined)[];
}> {
  const keys: (string | undefined)[] = [];
  const server = createServer(async (request, response) => {
    keys.push(request.headers.authorization);
    const message = answer(await readChat(request));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(completion(message)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, keys };
}

async function readChat(request: IncomingMessage): Promise<ChatRequest> {
  return (await json(request)) as ChatRequest;
}

/** It heeds no system message, so both versions of a prompt fare alike. */
function answer({ messages }: ChatRequest): object {
  const last = messages.at(-1);
  const text = typeof last?.content === "string" ? last.content : JSON.stringify(last?.content);
  if (last?.role === "tool") return { role: "assistant", content: `My tool says ${text}` };
  if (text.includes("choices"))
    return { role: "assistant", content: '{"choice":"no","reason":"?"}' };
  const species = /Iris (\w+)\?/.exec(text)?.[1];
  return species === undefined ? call("predict_species", measures(text)) : figure(text, species);
}

function measures(text: string): object {
  const found = text.matchAll(/(sepal|petal) (length|width) ([\d.]+)/g);
  return Object.fromEntries(
    [...found].map(([, part, side, value]) => [
      `${part}${side === "length" ? "Length" : "Width"}`,
      Number(value),
    ]),
  );
}

function figure(text: string, species: string): object {
  const isMean = text.includes("average");
  return call("species_statistics", {
    species,
    feature: isMean ? "petalLength" : "sepalWidth",
    statistic: isMean ? "mean" : "maximum",
  });
}

function call(name: string, input: object): object {
  const tool = { name, arguments: JSON.stringify(input) };
  return {
    role: "assistant",
    content: null,
    tool_calls: [{ id: "call_1", type: "function", function: tool }],
  };
}

function completion(message: object): object {
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1_790_000_000,
    model: "fake-1",
    choices: [
      { index: 0, message, finish_reason: "tool_calls" in message ? "tool_calls" : "stop" },
    ],
    usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
  };
}
