import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { createRivulet, type Rivulet, type Span } from "@rivulet/core";
import { otlp } from "@rivulet/otel";
import { createHandler } from "@rivulet/server";
import { toNodeListener } from "@rivulet/server/node";
import { onTestFinished } from "vitest";

/** Rivulet behind a port, with a token. */
export interface Receiver {
  readonly rivulet: Rivulet;
  readonly url: string;
  readonly token: string;
  /** The spans of the only trace that has come. */
  spans(): Promise<readonly Span[]>;
}

/** Opens one for one test. */
export async function openReceiver(): Promise<Receiver> {
  const rivulet = createRivulet({ store: "memory:" });
  const token = "a-token-of-the-test";
  const handler = createHandler(rivulet, { auth: "token", token, extensions: [otlp(rivulet)] });
  const url = await listen(toNodeListener(handler));
  onTestFinished(async () => {
    await handler.close();
    await rivulet.close();
  });
  return {
    rivulet,
    url,
    token,
    async spans() {
      await rivulet.flush();
      const { items } = await rivulet.traces.search();
      return rivulet.traces.loadSpans(items[0]?.id ?? "");
    },
  };
}

/** A server that answers like OpenAI's chat completions. */
export function openFakeOpenAi(): Promise<string> {
  return listen((request, response) => {
    void readAll(request).then(() => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(COMPLETION));
    });
  });
}

const COMPLETION = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_798_761_600,
  model: "gpt-4o-mini-2024-07-18",
  choices: [
    {
      index: 0,
      finish_reason: "stop",
      message: { role: "assistant", content: "It rains.", refusal: null },
    },
  ],
  usage: {
    prompt_tokens: 12,
    completion_tokens: 3,
    total_tokens: 15,
    prompt_tokens_details: { cached_tokens: 4 },
  },
};

async function listen(listener: RequestListener): Promise<string> {
  const server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function readAll(request: IncomingMessage): Promise<void> {
  for await (const _ of request);
}
