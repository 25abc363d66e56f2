export type { JsonObject, JsonValue } from "./json.ts";
export type {
  DataPart,
  MediaKind,
  MediaLeftOut,
  MediaPart,
  Message,
  MessageContent,
  MessagePart,
  ReasoningPart,
  RefusalPart,
  TextPart,
  ToolCallPart,
  ToolResultPart,
} from "./message/message.ts";
export { readMessage } from "./message/read-message.ts";
export { type Conversation, readConversation, readMessages } from "./message/read-messages.ts";
