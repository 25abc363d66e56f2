import type { ChatMessage, PromptRef, PromptVersion } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import type { Prompt, PromptValues } from "./prompts.ts";
import {
  fillParts,
  parseTemplate,
  placeholderName,
  requireValues,
  type TemplatePart,
  textMessage,
} from "./template.ts";

/** Told of each text that a prompt was made into. */
export type RenderListener = (ref: PromptRef, texts: readonly string[]) => void;

interface CompiledMessage {
  readonly role: ChatMessage["role"];
  readonly parts: readonly TemplatePart[];
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
    return render(this, values)[0]?.content ?? "";
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
  const messages = compiled.flatMap(({ role, parts }): readonly ChatMessage[] => {
    if (role === "placeholder") return placeholderMessages(prompt, parts, values);
    const content = fillParts(parts, values);
    // A template that is nothing but a variable says nothing about who made the text.
    if (parts.some((part) => typeof part === "string" && part.trim() !== "")) texts.push(content);
    return [{ role, content }];
  });
  own?.onRender(prompt.ref, texts);
  return messages;
}

function compile({ template }: Prompt): readonly CompiledMessage[] {
  const messages = typeof template === "string" ? [textMessage(template)] : template;
  return messages.map(({ role, content }) => ({
    role,
    parts:
      role === "placeholder" ? [{ variable: placeholderName(content) }] : parseTemplate(content),
  }));
}

function placeholderMessages(
  prompt: Prompt,
  [part]: readonly TemplatePart[],
  values: PromptValues,
): readonly ChatMessage[] {
  const variable = typeof part === "object" ? part.variable : "";
  const messages = values[variable];
  if (Array.isArray(messages) && messages.every(isMessage)) return messages;
  throw new RivuletError(
    "invalid_argument",
    `The prompt ${prompt.name}@${prompt.version} needs a list of { role, content } for ${variable}.`,
    { details: { field: variable } },
  );
}

function isMessage(value: unknown): value is ChatMessage {
  return (
    typeof value === "object" &&
    value !== null &&
    "role" in value &&
    typeof value.role === "string" &&
    "content" in value &&
    typeof value.content === "string"
  );
}
