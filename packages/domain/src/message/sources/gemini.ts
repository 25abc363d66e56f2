import { compact, type FieldReader } from "../field-reader.ts";
import { readMedia } from "../media.ts";
import type { MessagePart, ToolCallPart, ToolResultPart } from "../message.ts";
import type { PartReader, PartReaders, ReadContent } from "../part-reader.ts";
import { readText } from "../text-parts.ts";
import { readToolCall, readToolResult } from "../tool-parts.ts";

/** Parts as Gemini's contents have them: the name of a field is their type. */
const BY_FIELD: PartReaders = {
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
  Object.entries(BY_FIELD).filter(([type]) => /[A-Z]/.test(type)),
);

/** Reads a part without a type. */
export const readGeminiPart: PartReader = (from, read) => {
  for (const [field, readPart] of Object.entries(BY_FIELD)) {
    if (from.fields[field] !== undefined) return readPart(from, read);
  }
  return undefined;
};

/** What stands in a field of the part; what stands beside it, such as a signature, belongs to it. */
function inside(
  field: string,
  readBody: (from: FieldReader, read: ReadContent) => MessagePart,
): PartReader {
  return (from, read) => {
    const body = from.object(field);
    if (body === undefined) return undefined;
    const part = readBody(body, read);
    // What the body has left is in the part already.
    const { [field]: _, ...beside } = from.rest() ?? {};
    if (Object.keys(beside).length === 0 || part.type === "data") return part;
    const { extra = {} } = part;
    if (Object.keys(beside).some((name) => Object.hasOwn(extra, name))) return undefined;
    return { ...part, extra: { ...beside, ...extra } };
  };
}

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
