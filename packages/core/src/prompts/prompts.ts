import type {
  ChatMessage,
  JsonObject,
  Page,
  PageQuery,
  PromptArm,
  PromptEntry,
  PromptRef,
  PromptTemplate,
  PromptVersion,
  SearchQuery,
  StringMap,
} from "@rivulet/domain";
import type { DescribedPatch } from "../validation.ts";

/** The prompt registry. */
export interface Prompts {
  /**
   * Adds a version; makes the prompt when it is not there. The same template and config as the latest
   * version give that version back.
   */
  register(options: RegisterPromptOptions): Promise<Prompt>;
  /**
   * `'greet@production'`, `'greet@3'`, `'greet'` or `'greet@latest'` for the newest. Versions are cached for
   * ever, aliases are refreshed in the background. @throws `not_found`
   */
  get(reference: string, options?: GetPromptOptions): Promise<Prompt>;
  /** The prompt with its aliases. @throws `not_found` */
  getEntry(name: string): Promise<PromptEntry>;
  search(query?: SearchQuery): Promise<Page<PromptEntry>>;
  /** Newest first. */
  listVersions(query: PageQuery & { readonly name: string }): Promise<Page<PromptVersion>>;
  update(name: string, patch: DescribedPatch): Promise<PromptEntry>;
  /** Removes the prompt with all its versions and aliases. */
  delete(name: string): Promise<void>;
  /** Points an alias at one version. @throws `not_found`; `conflict` when `expected` no longer holds. */
  setAlias(options: SetPromptAlias): Promise<void>;
  /** Splits an alias between versions: chosen by weight, always the same for the same key. */
  setSplit(options: SetPromptSplit): Promise<void>;
  deleteAlias(options: { readonly name: string; readonly alias: string }): Promise<void>;
  /**
   * The prompt version that made this text lately in this process, if one did; for adapters that see only
   * the text. A template that is nothing but a variable is not remembered.
   */
  findRendered(text: string): PromptRef | undefined;
}

/** Options of `prompts.setAlias`. */
export interface SetPromptAlias {
  readonly name: string;
  readonly alias: string;
  readonly version: number;
  /** What the alias must point to for this to happen; `null`: it must not exist. */
  readonly expected?: readonly PromptArm[] | null;
}

/** Options of `prompts.setSplit`. */
export interface SetPromptSplit {
  readonly name: string;
  readonly alias: string;
  readonly arms: readonly PromptArm[];
  /** What the alias must point to for this to happen; `null`: it must not exist. */
  readonly expected?: readonly PromptArm[] | null;
}

/** Options of `prompts.register`. */
export interface RegisterPromptOptions {
  readonly name: string;
  /** Text, or chat messages, with `{{variables}}`. */
  readonly template: PromptTemplate;
  readonly config?: JsonObject;
  readonly commitMessage?: string;
  readonly description?: string;
  readonly tags?: StringMap;
  /** Aliases to point at the new version. */
  readonly aliases?: readonly string[];
}

/** Options of `prompts.get`. */
export interface GetPromptOptions {
  /** User, session or request id: with a split, the same key always gets the same version. @default the active trace's session, else its id, else a random draw */
  readonly key?: string;
}

/** Values for `{{variables}}`; objects are written as JSON. A placeholder takes a list of messages. */
export type PromptValues = Readonly<Record<string, unknown>>;

/** One version of a prompt, ready to use. */
export interface Prompt extends PromptVersion {
  /** Which version this is, and through which alias it came. */
  readonly ref: PromptRef;
  /** A text prompt filled in. @throws `invalid_argument` naming the missing variables, or for a chat prompt. */
  format(values?: PromptValues): string;
  /** Messages filled in; a text prompt is one user message. @throws `invalid_argument` naming the missing variables. */
  formatMessages(values?: PromptValues): readonly ChatMessage[];
}
