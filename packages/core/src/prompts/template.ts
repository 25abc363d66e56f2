import type { ChatMessage, JsonValue, PromptTemplate } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";

/** A part of a template: literal text or a variable. */
export type TemplatePart =
  | string
  | {
      /** Name between the braces. */
      readonly variable: string;
    };

const VARIABLE = /\{\{\s*([\p{L}_][\p{L}\p{N}_]*)\s*\}\}/gu;

/** Splits text at its `{{variables}}`. Any other brace is literal text. */
export function parseTemplate(text: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const match of text.matchAll(VARIABLE)) {
    if (match.index > from) parts.push(text.slice(from, match.index));
    parts.push({ variable: match[1] ?? "" });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/**
 * The variable that a `placeholder` message stands for, from `history` or `{{history}}`.
 *
 * @throws RivuletError `invalid_argument`
 */
export function placeholderName(content: ChatMessage["content"]): string {
  const text = typeof content === "string" ? content : JSON.stringify(content);
  const [part, ...rest] = parseTemplate(text.includes("{{") ? text : `{{${text}}}`);
  if (text === content && typeof part === "object" && rest.length === 0) return part.variable;
  throw new RivuletError(
    "invalid_argument",
    `A placeholder message holds the name of one variable; "${text.slice(0, 60)}" is not one.`,
  );
}

/** Names of the variables, in order of appearance. @throws RivuletError `invalid_argument` for a bad placeholder */
export function templateVariables(template: PromptTemplate): readonly string[] {
  const messages = typeof template === "string" ? [textMessage(template)] : template;
  return [...new Set(messages.flatMap(messageVariables))];
}

function messageVariables({ role, content }: ChatMessage): readonly string[] {
  if (role === "placeholder") return [placeholderName(content)];
  return textsOf(content).flatMap((text) =>
    parseTemplate(text).flatMap((part) => (typeof part === "string" ? [] : [part.variable])),
  );
}

/** Every text in the content of a message. */
export function textsOf(content: JsonValue): readonly string[] {
  if (typeof content === "string") return [content];
  if (typeof content !== "object" || content === null) return [];
  return Object.values(content).flatMap(textsOf);
}

/** The content of a message with each of its texts replaced. */
export function mapTexts<T extends JsonValue>(content: T, map: (text: string) => string): T;
export function mapTexts(content: JsonValue, map: (text: string) => string): JsonValue {
  if (typeof content === "string") return map(content);
  if (typeof content !== "object" || content === null) return content;
  if (Array.isArray(content)) return content.map((part: JsonValue) => mapTexts(part, map));
  return Object.fromEntries(
    Object.entries(content).map(([key, value]) => [key, mapTexts(value as JsonValue, map)]),
  );
}

/** A text prompt as a chat. */
export function textMessage(content: string): ChatMessage {
  return { role: "user", content };
}

/** Puts values where the variables are, once: braces in a value stay text. */
export function fillParts(
  parts: readonly TemplatePart[],
  values: Readonly<Record<string, unknown>>,
): string {
  let text = "";
  for (const part of parts) {
    text += typeof part === "string" ? part : valueText(values[part.variable]);
  }
  return text;
}

function valueText(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && !(value instanceof Date)) {
    return JSON.stringify(value);
  }
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Refuses values that leave a variable open. @throws RivuletError `invalid_argument` naming them */
export function requireValues(
  variables: readonly string[],
  values: Readonly<Record<string, unknown>>,
  prompt: string,
): void {
  const missing = variables.filter(
    (name) => !Object.hasOwn(values, name) || values[name] === undefined,
  );
  if (missing.length === 0) return;
  throw new RivuletError(
    "invalid_argument",
    `The prompt ${prompt} needs values for: ${missing.join(", ")}.`,
    { details: { missing: missing.join(",") } },
  );
}
