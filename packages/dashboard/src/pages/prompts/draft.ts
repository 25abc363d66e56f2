import type { ChatMessage, ChatRole, JsonObject, PromptTemplate } from "@rivulet/core";
import type { NewVersion } from "../../questions/prompts.ts";
import { messageText } from "./version-text.ts";

/** A message while it is written. */
export interface DraftMessage {
  readonly role: ChatRole;
  readonly text: string;
  /** The text is JSON: of parts, or of a message with more fields than role and content. */
  readonly isJson: boolean;
}

/** A version while it is written. */
export interface Draft {
  readonly type: "text" | "chat";
  readonly text: string;
  readonly messages: readonly DraftMessage[];
  /** JSON. */
  readonly config: string;
  readonly commitMessage: string;
}

/** What a draft starts from: the newest version, or nothing. */
export function draftOf(
  base: { readonly template: PromptTemplate; readonly config: JsonObject } | undefined,
): Draft {
  const template = base?.template ?? "";
  const config = base?.config ?? {};
  return {
    type: typeof template === "string" ? "text" : "chat",
    text: typeof template === "string" ? template : "",
    messages:
      typeof template === "string"
        ? [{ role: "user", text: template, isJson: false }]
        : template.map(draftMessage),
    config: Object.keys(config).length === 0 ? "" : JSON.stringify(config, null, 2),
    commitMessage: "",
  };
}

function draftMessage(message: ChatMessage): DraftMessage {
  const { role, content, ...rest } = message;
  const isJson = typeof content !== "string" || Object.keys(rest).length > 0;
  return { role, text: messageText(message), isJson };
}

/** What a draft would save. @throws Error where something in it is not JSON */
export function versionOf(name: string, draft: Draft): NewVersion {
  return {
    name,
    template: draft.type === "text" ? draft.text : draft.messages.map(messageOf),
    config: draft.config.trim() === "" ? {} : parseObject(draft.config, "The config"),
    commitMessage: draft.commitMessage.trim(),
  };
}

function messageOf({ role, text, isJson }: DraftMessage, index: number): ChatMessage {
  if (!isJson) return { role, content: text };
  const { content = null, ...rest } = parseObject(text, `Message ${index + 1}`);
  return { ...rest, role, content: content as ChatMessage["content"] };
}

function parseObject(text: string, what: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`${what} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as JsonObject;
  }
  throw new Error(`${what} must be a JSON object, such as {"model": "gpt-4o-mini"}.`);
}

/** Names of the `{{variables}}` of a draft, in order of appearance, as the API finds them. */
export function variablesOf({ type, text, messages }: Draft): readonly string[] {
  const texts = type === "text" ? [text] : messages.map(variableText);
  const found = texts.flatMap((one) => [...one.matchAll(VARIABLE)]);
  return [...new Set(found.map(([, name = ""]) => name))];
}

/** A placeholder's whole text is the name of a variable, with or without braces. */
function variableText({ role, text }: DraftMessage): string {
  return role === "placeholder" && !text.includes("{{") ? `{{${text}}}` : text;
}

const VARIABLE = /\{\{\s*([\p{L}_][\p{L}\p{N}_]*)\s*\}\}/gu;
