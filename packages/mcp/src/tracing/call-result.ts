import type { ActiveSpan } from "@rivulet/core";

type Fields = Readonly<Record<string, unknown>>;

/** The members of an object; none of anything else. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

/** Ends the span of a call with its result. A tool that failed answers as if it had not, with `isError`. */
export function endWithResult(span: ActiveSpan, result: unknown): void {
  const { isError, content } = fieldsOf(result);
  if (isError !== true) span.end({ output: result });
  else {
    const statusMessage = textOf(content) ?? "The tool failed.";
    span.end({ output: result, status: "error", statusMessage });
  }
}

function textOf(content: unknown): string | undefined {
  if (!Array.isArray(content)) return undefined;
  const texts = content.map((part) => fieldsOf(part)["text"]);
  const said = texts.filter((text) => typeof text === "string");
  return said.length === 0 ? undefined : said.join("\n");
}
