import { type Fields, fieldOf, fieldsOf, listOf, parsedOf, textOf } from "./read-value.ts";

/** A message as all adapters of Rivulet store it. */
export interface StoredMessage {
  readonly role: string;
  readonly content: unknown;
  readonly tool_calls?: readonly StoredToolCall[];
  /** The call that a `tool` message answers. */
  readonly tool_call_id?: string;
  /** The tool that a `tool` message comes from. */
  readonly name?: string;
}

/** A tool call that a model asks for. */
export interface StoredToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: unknown;
}

type StoredPart = Readonly<Record<string, unknown>>;

/** Instructions and messages of a call, as the SDK or a provider takes them, as one list. */
export function toStoredMessages(instructions: unknown, messages: unknown): StoredMessage[] {
  const stored: StoredMessage[] = [];
  addInstructions(stored, instructions);
  if (typeof messages === "string") stored.push({ role: "user", content: messages });
  for (const message of listOf(messages)) addMessage(stored, message);
  return stored;
}

/** What a model has answered: the content of a result, or what a stream has brought so far. */
export function toAnswer(content: unknown): StoredMessage {
  return withParts("assistant", listOf(content));
}

/** Tools as a provider gets them, without the SDK's own fields. */
export function toStoredTools(tools: unknown): StoredPart[] | undefined {
  const given = fieldsOf(tools);
  if (given === undefined) return undefined;
  if (!Array.isArray(tools)) return toolSet(given);
  if (tools.length === 0) return undefined;
  return tools.map((tool) => {
    const given = fieldsOf(tool) ?? {};
    const stored: Record<string, unknown> = { name: given["name"] };
    if (given["description"] !== undefined) stored["description"] = given["description"];
    if (given["inputSchema"] !== undefined) stored["parameters"] = given["inputSchema"];
    if (given["args"] !== undefined) stored["arguments"] = given["args"];
    return stored;
  });
}

/** A tool set has schemas of every library; only names and descriptions are read from it. */
function toolSet(tools: Fields): StoredPart[] | undefined {
  const stored = Object.entries(tools).map(([name, tool]) => {
    const description = fieldOf(tool, "description");
    return description === undefined ? { name } : { name, description };
  });
  return stored.length === 0 ? undefined : stored;
}

function addInstructions(stored: StoredMessage[], instructions: unknown): void {
  if (typeof instructions === "string") {
    stored.push({ role: "system", content: instructions });
  } else if (Array.isArray(instructions)) {
    for (const message of instructions) addMessage(stored, message);
  } else if (instructions !== undefined) {
    addMessage(stored, instructions);
  }
}

function addMessage(stored: StoredMessage[], message: unknown): void {
  const role = textOf(fieldOf(message, "role"));
  if (role === undefined) return;
  const content = fieldOf(message, "content");
  if (!Array.isArray(content)) stored.push({ role, content: content ?? "" });
  else if (role === "tool") addToolResults(stored, content);
  else stored.push(withParts(role, content));
}

/** The results of a step come as one message; here each answers its own call. */
function addToolResults(stored: StoredMessage[], parts: readonly unknown[]): void {
  for (const part of parts) {
    const given = fieldsOf(part);
    if (given === undefined) continue;
    if (given["type"] === "tool-result") stored.push(toolMessage(given));
    else stored.push({ role: "tool", content: [toStoredPart(given)] });
  }
}

function toolMessage(given: StoredPart): StoredMessage {
  const id = textOf(given["toolCallId"]);
  const name = textOf(given["toolName"]);
  return {
    role: "tool",
    content: toolContent(given["output"] ?? given["result"]),
    ...(id === undefined ? {} : { tool_call_id: id }),
    ...(name === undefined ? {} : { name }),
  };
}

/** `{ type: 'text' | 'json' | 'error-text' | …, value }` without its wrapper. */
function toolContent(output: unknown): unknown {
  const given = fieldsOf(output);
  if (given === undefined || typeof given["type"] !== "string") return output;
  const { type, value } = given;
  if (type === "content") return listOf(value).map((part) => toStoredPart(fieldsOf(part) ?? {}));
  if (type === "execution-denied") return given["reason"] ?? "denied";
  return value ?? output;
}

function withParts(role: string, content: readonly unknown[]): StoredMessage {
  const parts: StoredPart[] = [];
  const calls: StoredToolCall[] = [];
  for (const part of content) {
    const given = fieldsOf(part);
    if (given === undefined) continue;
    if (given["type"] === "tool-call") calls.push(toStoredToolCall(given));
    else parts.push(toStoredPart(given));
  }
  const stored = { role, content: plainContent(parts) };
  return calls.length === 0 ? stored : { ...stored, tool_calls: calls };
}

function plainContent(parts: readonly StoredPart[]): unknown {
  const [first] = parts;
  if (first === undefined) return "";
  return parts.length === 1 && first["type"] === "text" ? first["text"] : parts;
}

function toStoredToolCall(part: StoredPart): StoredToolCall {
  return {
    id: String(part["toolCallId"]),
    name: String(part["toolName"]),
    arguments: parsedOf(part["input"] ?? part["args"]),
  };
}

function toStoredPart(part: StoredPart): StoredPart {
  const type = textOf(part["type"]) ?? "unknown";
  switch (type) {
    case "text":
    case "reasoning":
      return { type, text: part["text"] };
    case "image":
    case "file":
    case "reasoning-file":
    case "media":
      return toStoredFile(part);
    case "tool-result":
    case "tool-error":
      return { ...toolMessage(part), role: undefined, type: "tool_result" };
    case "source":
      return { type, url: part["url"], title: part["title"] };
    default:
      return withoutProviderFields(part);
  }
}

/** Bytes stay out of the store: a file is what it is, where it is, and how big. */
function toStoredFile(part: StoredPart): StoredPart {
  const holder = fieldsOf(part["file"]) ?? part;
  const mediaType = textOf(holder["mediaType"] ?? part["mediaType"]);
  const filename = textOf(part["filename"]);
  return {
    type: fileType(mediaType, textOf(part["type"])),
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(filename === undefined ? {} : { filename }),
    ...describeData(part["image"] ?? holder["data"] ?? generatedData(holder)),
  };
}

function fileType(mediaType: string | undefined, given: string | undefined): string {
  if (given === "image" || mediaType?.startsWith("image/")) return "image";
  return mediaType?.startsWith("audio/") ? "audio" : "file";
}

function describeData(data: unknown): StoredPart {
  if (data instanceof URL) return { url: data.href };
  if (typeof data === "string") {
    return /^https?:/i.test(data) ? { url: data } : leftOut(base64Bytes(data));
  }
  if (ArrayBuffer.isView(data) || data instanceof ArrayBuffer) return leftOut(data.byteLength);
  const tagged = fieldsOf(data);
  if (tagged === undefined) return {};
  if (tagged["type"] === "text") return { text: tagged["text"] };
  return describeData(tagged["data"] ?? tagged["url"]);
}

/** The fields behind the getters of a generated file, which would convert it. */
function generatedData(file: StoredPart): unknown {
  return file["uint8ArrayData"] ?? file["base64Data"];
}

function leftOut(bytes: number): StoredPart {
  return { url: `[${bytes} bytes left out]` };
}

function base64Bytes(data: string): number {
  const start = data.startsWith("data:") ? data.indexOf(",") + 1 : 0;
  return Math.floor(((data.length - start) * 3) / 4);
}

function withoutProviderFields(part: StoredPart): StoredPart {
  const { providerOptions: _options, providerMetadata: _metadata, ...rest } = part;
  return rest;
}
