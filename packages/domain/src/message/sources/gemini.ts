import { compact, type FieldReader, readFields } from "../field-reader.ts";
import { readMedia } from "../media.ts";
import type { ToolCallPart, ToolResultPart } from "../message.ts";
import { inside } from "../part-in-field.ts";
import type { PartReader, PartReaders } from "../part-reader.ts";
import { readText } from "../text-parts.ts";
import { readToolCall, readToolResult } from "../tool-parts.ts";

/** Parts as Gemini's contents have them: the name of a field is their type. */
export const GEMINI_FIELDS: PartReaders = {
  text: readText,
  inlineData: (from) => readMedia(from),
  inline_data: (from) => readMedia(from),
  fileData: (from) => readMedia(from),
  file_data: (from) => readMedia(from),
  functionCall: inside("functionCall", readToolCall),
  function_call: inside("function_call", readToolCall),
  functionResponse: inside("functionResponse", readToolResult),
  function_response: inside("function_response", readToolResult),
  executableCode: inside("executableCode", (from) => codeCall(from)),
  codeExecutionResult: inside("codeExecutionResult", codeResult),
};

/** Parts that LangChain takes over from Gemini, with their field for a type. */
export const GEMINI_PARTS: PartReaders = Object.fromEntries(
  Object.entries(GEMINI_FIELDS).filter(([type]) => /[A-Z]/.test(type)),
);

/** Reads a part of LangChain's older package for Gemini whose type is that of the file in it: `application/pdf`. */
export const readTypedFile: PartReader = (from) => {
  const { type, data, ...others } = from.fields;
  if (!/^\w+\/[\w.+-]+$/.test(String(type)) || data === undefined) return undefined;
  return readMedia(readFields({ mimeType: type, data, ...others }));
};

function codeCall(from: FieldReader): ToolCallPart {
  const code = from.text("code");
  const language = from.text("language");
  return compact<ToolCallPart>({
    type: "tool_call",
    id: from.text("id"),
    name: "executableCode",
    arguments: { ...(language === undefined ? {} : { language }), code: code ?? "" },
    extra: from.rest(),
  });
}

function codeResult(from: FieldReader): ToolResultPart {
  const output = from.text("output") ?? "";
  const outcome = from.text("outcome");
  return compact<ToolResultPart>({
    type: "tool_result",
    id: from.text("id"),
    name: "executableCode",
    content: output,
    isError: outcome === undefined || outcome === "OUTCOME_OK" ? undefined : true,
    extra: { ...from.rest(), ...(outcome === undefined ? {} : { outcome }) },
  });
}
