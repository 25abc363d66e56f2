import type { BaseMessage } from "@langchain/core/messages";
import { RivuletCallbackHandler } from "@rivulet/langchain";
import { openClient, type TestClient } from "../../langchain/client.ts";
import { COMPLETIONS, RESPONSES } from "../../langchain/providers/openai-answers.ts";
import { ANTHROPIC, BEDROCK, GEMINI } from "../../langchain/providers/other-answers.ts";
import {
  type HttpAnswer,
  serveAnswer,
  serveAnswer2,
} from "../../langchain/providers/provider-server.ts";
import type { SentFile } from "../../langchain/providers/request-parts.ts";
import { told } from "../../langchain/providers/told.ts";
import { anthropic, bedrock, google, type MakeModel, openAI } from "./provider-models.ts";

/** A model of a provider, and what the provider answers. */
export type Provider = readonly [make: MakeModel, answer: HttpAnswer | undefined];

export const CHAT: Provider = [openAI, COMPLETIONS["text"]?.[0]];
export const RESPONSE: Provider = [(url) => openAI(url, { useResponsesApi: true }), RESPONSES[0]];
export const CLAUDE: Provider = [anthropic, ANTHROPIC[0]];
export const GEMINI_MODEL: Provider = [google, GEMINI[0]];
export const CONVERSE: Provider = [bedrock, BEDROCK[0]];

/** A request, and what is recorded of it. */
export interface Sent extends TestClient {
  /** What the span says that the model was called with. */
  readonly input: {
    readonly messages: readonly { readonly content: unknown }[];
    readonly tools?: unknown;
  };
  /** The request as the provider has received it. */
  readonly received: string;
}

/** Calls a model, and returns what the provider and what Rivulet was told of the call. */
export function opened([make, answer]: Provider): (
  messages: BaseMessage[],
  options?: object,
) => Promise<Sent> {
  const client = openClient();
  let received = "";
  const take = (body: string): void => {
    received = body;
  };
  const serve = make === bedrock ? serveAnswer2 : serveAnswer;
  const model = serve(answer ?? { body: "" }, take).then(make);
  return async (messages, options = {}) => {
    const callbacks = [new RivuletCallbackHandler(client.rivulet)];
    await (await model).invoke(messages, { callbacks, ...options });
    const input = (await client.spans()).at(-1)?.input as Sent["input"];
    return { ...client, input, received };
  };
}

/** What is wrong with the record of a call: texts and files that are lost, or told twice. */
export async function faults(
  given: unknown,
  files: readonly SentFile[],
  sent: Sent,
): Promise<readonly string[]> {
  const { input, received, rivulet } = sent;
  const kept = told(input);
  const texts = new Set([...told(given).keys(), ...told(received).keys()]);
  const found = [...texts].filter((text) => !kept.has(text)).map((text) => `lost: ${text}`);
  for (const [text, times] of kept)
    if (times > 1 && !text.endsWith("_id")) found.push(`${times} times: ${text}`);
  const json = JSON.stringify(input);
  for (const { base64, bytes, hash } of files) {
    if (json.includes(base64)) found.push("bytes in the message");
    if (json.split(hash).length !== 2) found.push("no file, or one told twice");
    const { content } = await rivulet.traces.getAttachment(hash);
    if (Buffer.compare(content, bytes) !== 0) found.push("other bytes");
  }
  return found;
}
