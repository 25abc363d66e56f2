/** A message as the local model reads it, whatever library it came through. */
export interface LocalMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  /** The text; a tool's result is JSON. */
  readonly text: string;
}

/** A tool the model may call. */
export interface LocalTool {
  readonly name: string;
  /** JSON schema of its arguments. */
  readonly parameters: JsonSchema;
}

/** The part of JSON schema that the model understands. */
export interface JsonSchema {
  readonly type?: unknown;
  readonly description?: unknown;
  readonly enum?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

/** What the model says: a text, or a wish to call a tool. */
export type LocalReply =
  | { readonly kind: "text"; readonly text: string }
  | {
      readonly kind: "tool";
      readonly name: string;
      readonly input: Readonly<Record<string, unknown>>;
    };

/** Tokens as this model counts them: words and marks. */
export function countTokens(text: string): number {
  return text.match(/\w+|[^\s\w]/g)?.length ?? 0;
}
