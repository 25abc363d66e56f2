import { type Fields, isText, readFields } from "../field-reader.ts";
import { readMedia } from "../media.ts";
import type { MediaKind } from "../message.ts";
import type { PartReaders } from "../part-reader.ts";
import { readToolCall, readToolResult } from "../tool-parts.ts";

/** Parts as OpenTelemetry's conventions for generative AI write them, beside text, thoughts and calls. */
export const GEN_AI_PARTS: PartReaders = {
  tool_call_response: readToolResult,
  server_tool_call_response: ({ fields }, read) =>
    readToolResult(readFields(withoutNested(fields, "response")), read),
  server_tool_call: ({ fields }) => readToolCall(readFields(withoutNested(fields, "arguments"))),
  blob: ({ fields }) => readMedia(readFields(withBytes(fields)), kindOf(fields)),
  uri: ({ fields }) => readMedia(readFields(withoutModality(fields)), kindOf(fields)),
};

/** What a server's tool is called with, or has answered, stands in a field that is named like the part. */
function withoutNested(fields: Fields, name: string): Fields {
  const { [String(fields["type"])]: nested, ...others } = fields;
  return nested === undefined || others[name] !== undefined
    ? fields
    : { ...others, [name]: nested };
}

/** They call bytes the content. */
function withBytes(fields: Fields): Fields {
  const { content, ...others } = withoutModality(fields);
  return content === undefined ? others : { data: content, ...others };
}

function withoutModality(fields: Fields): Fields {
  const { type: _, modality, ...others } = fields;
  return kindOf(fields) === undefined && modality !== undefined ? { modality, ...others } : others;
}

function kindOf({ modality }: Fields): MediaKind | undefined {
  if (!isText(modality)) return undefined;
  return modality === "image" || modality === "audio" || modality === "video"
    ? modality
    : undefined;
}
