import type { FieldReader } from "./field-reader.ts";
import type { MessageContent, MessagePart } from "./message.ts";

/** Reads what is in parts. */
export interface ReadContent {
  /** The content of a message: a text, or a list of which each item is a part. */
  readonly content: (value: unknown) => MessageContent;
  /** What a tool has answered: a text, parts if all of it is parts, else one value. */
  readonly result: (value: unknown) => MessageContent;
}

/** Reads a part of a known type; a tool's call may come with its result. `undefined` when it is not of that type after all. */
export type PartReader = (
  from: FieldReader,
  read: ReadContent,
) => MessagePart | readonly MessagePart[] | undefined;

/** How a source writes parts: by the `type` that it gives them. */
export type PartReaders = Readonly<Record<string, PartReader>>;
