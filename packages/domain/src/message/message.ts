import type { JsonObject, JsonValue } from "../json.ts";

/**
 * A message of a conversation with a model, whoever made it. Messages in the form of a provider or a framework are
 * read into this one with `readMessage()`; it is what the adapters store and what the dashboard shows.
 *
 * There is one way to write each message. Content that is one text and nothing else is a string, as in most messages of
 * most providers and in the templates of prompts; anything more is a list of parts in the order in which it was said.
 * Equal messages of different sources are then equal as JSON, so that they are stored once.
 */
export interface Message {
  /**
   * Who speaks: `system`, `developer`, `user`, `assistant` or `tool`. Other names of these (`human`, `ai`, `model`,
   * `function`) are read as them; what is none of them stays as it is.
   */
  readonly role: string;
  /** The speaker's name, where a role has several speakers. */
  readonly name?: string;
  /** What is said; an empty text when it is nothing. */
  readonly content: MessageContent;
  /** Fields that no part of a message stands for, by the names that their source gives them. */
  readonly extra?: JsonObject;
}

/** One text, or parts in their order. */
export type MessageContent = string | readonly MessagePart[];

/** A piece of a message. */
export type MessagePart =
  | TextPart
  | ReasoningPart
  | MediaPart
  | ToolCallPart
  | ToolResultPart
  | RefusalPart
  | DataPart;

/** What every part has besides its own fields. */
interface Part {
  /** Fields that the part has no place for, by the names that their source gives them. */
  readonly extra?: JsonObject;
}

/** Text. */
export interface TextPart extends Part {
  /** Marks text. */
  readonly type: "text";
  /** The text; may be empty. */
  readonly text: string;
  /** Citations and other notes on the text, in the form of their source. */
  readonly annotations?: readonly JsonValue[];
}

/** What a model thought before or between its answers. Signatures and encrypted thoughts are in `extra`. */
export interface ReasoningPart extends Part {
  /** Marks a model's thoughts. */
  readonly type: "reasoning";
  /** The thoughts, or a summary of them; empty where the provider gives them encrypted only. */
  readonly text: string;
}

/** What a file is to a model. */
export type MediaKind = "image" | "audio" | "video" | "document";

/**
 * Why the bytes of a file are not kept: it is larger than a file may be, the app does not want files to be kept, or they
 * could not be read at the time.
 */
export type MediaLeftOut = "too_large" | "option" | "unreadable";

/** A file: where it is, or its bytes. */
export interface MediaPart extends Part {
  /** Marks a file. */
  readonly type: "media";
  /** How a model perceives the file. */
  readonly kind: MediaKind;
  /** Such as `image/png`. */
  readonly mediaType?: string;
  /** Name of the file, or its title. */
  readonly name?: string;
  /** Where the file is. Data URLs whose bytes are base-64 are `data` instead. */
  readonly url?: string;
  /** The bytes, or the bytes as base-64. In a stored message they are kept apart, unless they are few. */
  readonly data?: string | Uint8Array;
  /** SHA-256 of the bytes in hex, where they are kept apart from the message. */
  readonly hash?: string;
  /** The provider's id of a file that was given to it before. */
  readonly fileId?: string;
  /** Bytes of the file, where the bytes themselves are not here. */
  readonly size?: number;
  /** Why the bytes are not kept. */
  readonly leftOut?: MediaLeftOut;
  /** Its content in words: the text of a text file, the transcript of speech. */
  readonly text?: string;
}

/** A tool that a model wants to be called. */
export interface ToolCallPart extends Part {
  /** Marks a request to call a tool. */
  readonly type: "tool_call";
  /** What its result refers to; some servers give none, or the same to several calls. */
  readonly id?: string;
  /** The tool's name; empty where the source gives none. */
  readonly name: string;
  /** The arguments, as values. Left out when they are no JSON. */
  readonly arguments?: JsonValue;
  /** The arguments as text when they are no JSON: cut off, or wrong. */
  readonly invalidArguments?: string;
}

/** What a tool has answered. */
export interface ToolResultPart extends Part {
  /** Marks the answer to a tool call. */
  readonly type: "tool_result";
  /** Id of the call that this is the result of. */
  readonly id?: string;
  /** The tool's name. */
  readonly name?: string;
  /** The answer. A value that is neither text nor parts is one {@link DataPart}. */
  readonly content: MessageContent;
  /** The tool has failed, and the content says why. Left out otherwise. */
  readonly isError?: true;
  /** What the tool keeps for the app and does not show the model. */
  readonly artifact?: JsonValue;
}

/** Why a model does not answer, in its own words. */
export interface RefusalPart extends Part {
  /** Marks a refusal. */
  readonly type: "refusal";
  /** The model's explanation. */
  readonly text: string;
}

/** Anything else, as its source gives it. */
export interface DataPart {
  /** Marks a part of an unknown kind. */
  readonly type: "data";
  /** The part as its source gives it, unchanged. */
  readonly value: JsonValue;
}
