export type { JsonObject, JsonValue } from "./json.ts";
export { leaveOutBytes } from "./message/leave-out-bytes.ts";
export type {
  DataPart,
  MediaKind,
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
export { readMessages } from "./message/read-messages.ts";
