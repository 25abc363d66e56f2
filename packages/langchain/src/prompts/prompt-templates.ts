import type * as LangChainPrompts from "@langchain/core/prompts";
import {
  type ChatMessage,
  type Prompt,
  type PromptRef,
  parseTemplate,
  RivuletError,
} from "@rivulet/core";
import { PROMPT_METADATA } from "../runs/run-metadata.ts";
import { stampMessage, stampText } from "./prompt-links.ts";

/** The classes of `@langchain/core/prompts` that templates are made of. */
export type PromptTemplateClasses = Pick<
  typeof LangChainPrompts,
  "ChatPromptTemplate" | "PromptTemplate"
>;

/** Turns prompts into LangChain's templates. */
export interface PromptTemplates {
  /** A text prompt is one user message. */
  toChatPromptTemplate(prompt: Prompt): LangChainPrompts.ChatPromptTemplate;
  /** @throws RivuletError `invalid_argument` for a chat prompt */
  toPromptTemplate(prompt: Prompt): LangChainPrompts.PromptTemplate;
}

/** For apps with more than one copy of `@langchain/core`: templates made of the classes of this copy. */
export function createPromptTemplates({
  ChatPromptTemplate,
  PromptTemplate,
}: PromptTemplateClasses): PromptTemplates {
  return Object.freeze<PromptTemplates>({
    toChatPromptTemplate(prompt) {
      const messages = chatMessages(prompt);
      const template = ChatPromptTemplate.fromMessages(messages.map(toLangChainMessage));
      for (const [index, { role }] of messages.entries()) {
        const part: object | undefined = template.promptMessages[index];
        if (role !== "placeholder" && part !== undefined) stampResults(part, prompt.ref);
      }
      return withMetadata(template, prompt.ref);
    },
    toPromptTemplate(prompt) {
      const { template: text, name, version, variables, ref } = prompt;
      if (typeof text !== "string") {
        const message = `The prompt ${name}@${version} is a chat prompt: use toChatPromptTemplate().`;
        throw new RivuletError("invalid_argument", message);
      }
      const template = new PromptTemplate({
        template: toFormatString(text),
        inputVariables: [...variables],
        templateFormat: "f-string",
      });
      stampValue(template, ref);
      return withMetadata(template, ref);
    },
  });
}

function chatMessages({ template }: Prompt): readonly ChatMessage[] {
  return typeof template === "string" ? [{ role: "user", content: template }] : template;
}

type LangChainMessage = [role: "system" | "human" | "ai" | "placeholder", content: string];

function toLangChainMessage({ role, content, ...rest }: ChatMessage): LangChainMessage {
  const [field] = Object.keys(rest);
  if (field !== undefined) throw notInTemplates(`the field ${field} of a message`);
  if (typeof content !== "string") throw notInTemplates("a message that is not text alone");
  switch (role) {
    case "system":
    case "developer":
      return ["system", toFormatString(content)];
    case "user":
      return ["human", toFormatString(content)];
    case "assistant":
      return ["ai", toFormatString(content)];
    case "placeholder":
      return ["placeholder", content.includes("{") ? toFormatString(content) : `{${content}}`];
    default:
      throw notInTemplates(`a ${role} message`);
  }
}

function notInTemplates(what: string): RivuletError {
  return new RivuletError(
    "unsupported",
    `LangChain's templates cannot hold ${what}: give such messages through a placeholder, or use formatMessages().`,
  );
}

/**
 * The template in LangChain's f-string form. Its mustache form is another language than `{{variables}}`:
 * there a missing value is an empty text, and `{{constructor}}` has one.
 */
function toFormatString(template: string): string {
  return parseTemplate(template)
    .map((part) =>
      typeof part === "string" ? part.replaceAll(/[{}]/g, "$&$&") : `{${safeName(part.variable)}}`,
    )
    .join("");
}

/** LangChain would find a value for these on every object. */
function safeName(variable: string): string {
  if (!(variable in Object.prototype)) return variable;
  const message = `LangChain's templates need another name than ${variable} for a variable.`;
  throw new RivuletError("unsupported", message);
}

interface Formats {
  formatMessages(values: unknown): Promise<object[]>;
}

/** Each message template stamps what it makes, so that the link survives when templates are put together. */
function stampResults(part: object, ref: PromptRef): void {
  const { formatMessages } = part as Formats;
  Object.assign(part, {
    async formatMessages(this: Formats, values: unknown): Promise<object[]> {
      const messages = await formatMessages.call(this, values);
      for (const message of messages) stampMessage(message, ref);
      return messages;
    },
  } satisfies Formats);
}

interface FormatsValue {
  formatPromptValue(values: unknown): Promise<PromptValue>;
}

interface PromptValue {
  readonly value: string;
  toChatMessages(): object[];
}

/** An own method, which `partial()` copies along with the other fields. */
function stampValue(template: object, ref: PromptRef): void {
  const { formatPromptValue } = template as FormatsValue;
  Object.assign(template, {
    async formatPromptValue(this: FormatsValue, values: unknown): Promise<PromptValue> {
      const value = await formatPromptValue.call(this, values);
      const { toChatMessages } = value;
      stampText(value.value, ref);
      return Object.assign(value, {
        toChatMessages: () => toChatMessages.call(value).map((made) => stampMessage(made, ref)),
      });
    },
  } satisfies FormatsValue);
}

/** What is left of the link when a message is copied on its way to the model. */
function withMetadata<T extends { metadata?: Record<string, unknown> }>(
  template: T,
  ref: PromptRef,
): T {
  template.metadata = { ...template.metadata, [PROMPT_METADATA]: { ...ref } };
  return template;
}
