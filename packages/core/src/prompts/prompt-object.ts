import type { ChatMessage, PromptRef, PromptVersion } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { Prompt, PromptValues, RenderedPrompt } from "./prompts.ts";
import {
  fillParts,
  mapTexts,
  parseTemplate,
  placeholderName,
  requireValues,
  type TemplatePart,
  textMessage,
  textsOf,
} from "./template.ts";

/** Told of each text that a prompt was made into. */
export type RenderListener = (ref: PromptRef, texts: readonly string[]) => void;

/** A message with its texts taken apart once. */
interface CompiledMessage {
  readonly message: ChatMessage;
  readonly parts: ReadonlyMap<string, readonly TemplatePart[]>;
}

interface Internals {
  readonly onRender: RenderListener;
  compiled?: readonly CompiledMessage[];
}

// Beside the object, not in it: a prompt stays plain data that can be logged and serialised.
const internals = new WeakMap<Prompt, Internals>();

const methods = {
  format(this: Prompt, values: PromptValues = {}): string {
    if (this.type === "chat") {
      throw new RivuletError(
        "invalid_argument",
        `The prompt ${this.name}@${this.version} is a chat prompt: use formatMessages().`,
      );
    }
    const [message] = render(this, values);
    return typeof message?.content === "string" ? message.content : "";
  },
  formatMessages(this: Prompt, values: PromptValues = {}): readonly ChatMessage[] {
    return render(this, values);
  },
};

/** A version with its methods. */
export function createPrompt(
  version: PromptVersion,
  ref: PromptRef,
  onRender: RenderListener,
): Prompt {
  const prompt: Prompt = Object.freeze(
    Object.assign(Object.create(methods), version, { ref: Object.freeze(ref) }),
  );
  internals.set(prompt, { onRender });
  return prompt;
}

/** A prompt filled in, as data. @throws RivuletError `invalid_argument` naming the missing variables */
export function renderPrompt(prompt: Prompt, values: PromptValues = {}): RenderedPrompt {
  const messages = prompt.formatMessages(values);
  return prompt.type === "chat" ? { messages } : { messages, text: prompt.format(values) };
}

/**
 * Gives every prompt more methods, for adapters that turn prompts into another library's templates. The
 * types follow by augmenting `interface Prompt`.
 *
 * @throws RivuletError `already_exists` for `format` and `formatMessages`
 */
export function extendPrompts(
  more: Readonly<Record<string, (this: Prompt, ...args: never[]) => unknown>>,
): void {
  for (const [name, value] of Object.entries(more)) {
    if (name === "format" || name === "formatMessages") {
      throw new RivuletError("already_exists", `Prompts have a method ${name} of their own.`);
    }
    Object.defineProperty(methods, name, { value, configurable: true });
  }
}

function render(prompt: Prompt, values: PromptValues): readonly ChatMessage[] {
  requireValues(prompt.variables, values, `${prompt.name}@${prompt.version}`);
  const own = internals.get(prompt);
  const compiled = own?.compiled ?? compile(prompt);
  if (own !== undefined) own.compiled = compiled;
  const texts: string[] = [];
  const messages = compiled.flatMap(({ message, parts }): readonly ChatMessage[] => {
    if (message.role === "placeholder") return placeholderMessages(prompt, message, values);
    const content = mapTexts(message.content, (text) => {
      const template = parts.get(text) ?? [];
      const filled = fillParts(template, values);
      // A template that is nothing but a variable says nothing about who made the text.
      if (template.some((part) => typeof part === "string" && part.trim() !== "")) {
        texts.push(filled);
      }
      return filled;
    });
    return [{ ...message, content }];
  });
  own?.onRender(prompt.ref, texts);
  return messages;
}

function compile({ template }: Prompt): readonly CompiledMessage[] {
  const messages = typeof template === "string" ? [textMessage(template)] : template;
  return messages.map((message) => ({
    message,
    parts: new Map(textsOf(message.content).map((text) => [text, parseTemplate(text)])),
  }));
}

function placeholderMessages(
  prompt: Prompt,
  { content }: ChatMessage,
  values: PromptValues,
): readonly ChatMessage[] {
  const variable = placeholderName(content);
  const messages = values[variable];
  if (Array.isArray(messages) && messages.every(isMessage)) return messages;
  throw new RivuletError(
    "invalid_argument",
    `The prompt ${prompt.name}@${prompt.version} needs a list of messages, each with a role, for ${variable}.`,
    { details: { field: variable } },
  );
}

/** What else a message has is between its maker and its model. */
function isMessage(value: unknown): value is ChatMessage {
  return (
    typeof value === "object" && value !== null && "role" in value && typeof value.role === "string"
  );
}
