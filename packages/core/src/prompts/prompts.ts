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
   * Adds a version; creates the prompt if it does not exist. If template and config equal those of the latest version,
   * that version is returned instead.
   *
   * @throws RivuletError `invalid_argument`
   */
  register(options: RegisterPromptOptions): Promise<Prompt>;
  /**
   * Fetches a version: `'greet@production'`, `'greet@3'`, or `'greet'` and `'greet@latest'` for the newest. Versions are
   * cached for good, aliases are refreshed in the background.
   *
   * @throws RivuletError `not_found`; `invalid_argument` for a malformed reference
   */
  get(reference: string, options?: GetPromptOptions): Promise<Prompt>;
  /**
   * Fills in the variables of a version, for those who cannot hold a {@link Prompt}.
   *
   * @throws RivuletError `not_found`; `invalid_argument` naming the missing variables
   */
  render(reference: string, options?: RenderPromptOptions): Promise<RenderedPrompt>;
  /** The prompt with its aliases. @throws RivuletError `not_found` */
  getEntry(name: string): Promise<PromptEntry>;
  /** Default order: by name. */
  search(query?: SearchQuery): Promise<Page<PromptEntry>>;
  /** The versions of one prompt, newest first. */
  listVersions(query: PageQuery & { readonly name: string }): Promise<Page<PromptVersion>>;
  /** Changes description and tags. @throws RivuletError `not_found` */
  update(name: string, patch: DescribedPatch): Promise<PromptEntry>;
  /** Deletes the prompt with all its versions and aliases. @throws RivuletError `not_found` */
  delete(name: string): Promise<void>;
  /** Points an alias at one version. @throws RivuletError `not_found`; `conflict` when `expected` does not match */
  setAlias(options: SetPromptAlias): Promise<void>;
  /**
   * Splits an alias between versions. They are chosen by weight, and always the same one for the same key.
   *
   * @throws RivuletError `not_found`; `conflict` when `expected` does not match
   */
  setSplit(options: SetPromptSplit): Promise<void>;
  /** Removes an alias; its versions stay. @throws RivuletError `not_found` */
  deleteAlias(options: { readonly name: string; readonly alias: string }): Promise<void>;
  /**
   * The prompt version that was recently rendered to this text in this process, if any; for adapters that see only the
   * text. Templates that consist of a single variable are not remembered, and a text that several versions were rendered
   * to finds none of them.
   */
  findRendered(text: string): PromptRef | undefined;
  /**
   * Calls a listener after each change that this client makes. `rivulet.subscribe` tells of those of other processes,
   * webhooks of all.
   *
   * @returns a function that ends it
   */
  subscribe(listener: (change: PromptChange) => void): () => void;
}

/** Something that has become of a prompt. */
export interface PromptChange {
  /** Name of the prompt. */
  readonly name: string;
  /** What it was. A registration that found the same version there adds none. */
  readonly kind: "version_created" | "alias_set" | "alias_deleted" | "prompt_deleted";
  /** The version that was created, or that the alias points at; absent where it is split. */
  readonly version?: number;
  /** The alias. */
  readonly alias?: string;
  /** The versions that an alias points at, and how often each. */
  readonly arms?: readonly PromptArm[];
}

/** Options of `prompts.setAlias`. */
export interface SetPromptAlias {
  /** Name of the prompt. */
  readonly name: string;
  /** Name of the alias, such as `production`. */
  readonly alias: string;
  /** The version it should point to. */
  readonly version: number;
  /** What the alias must currently point to; `null` if it must not exist. @default no check */
  readonly expected?: readonly PromptArm[] | null;
}

/** Options of `prompts.setSplit`. */
export interface SetPromptSplit {
  /** Name of the prompt. */
  readonly name: string;
  /** Name of the alias, such as `production`. */
  readonly alias: string;
  /** Versions and their weights. */
  readonly arms: readonly PromptArm[];
  /** What the alias must currently point to; `null` if it must not exist. @default no check */
  readonly expected?: readonly PromptArm[] | null;
}

/** Options of `prompts.register`. */
export interface RegisterPromptOptions {
  /** Name of the prompt, up to 250 characters. */
  readonly name: string;
  /**
   * Text or chat messages with `{{variables}}`; up to 100,000 characters as JSON. A string is a text prompt, also when it
   * holds JSON: chat messages are given as a list.
   */
  readonly template: PromptTemplate;
  /** Model settings, response schema and the like; up to 100 kB as JSON. @default {} */
  readonly config?: JsonObject;
  /** What changed in this version. @default '' */
  readonly commitMessage?: string;
  /** Description of the prompt; used if this call creates it. @default '' */
  readonly description?: string;
  /** Tags of the version, up to 100. @default {} */
  readonly tags?: StringMap;
  /** Aliases to point at the new version. @default none */
  readonly aliases?: readonly string[];
}

/** Options of `prompts.get`. */
export interface GetPromptOptions {
  /** User, session or request id: with a split, the same key always gets the same version. @default the `promptKey` of `withTrace`, else the active trace's session, else its id, else a random draw */
  readonly key?: string;
}

/** Options of `prompts.render`. */
export interface RenderPromptOptions extends GetPromptOptions {
  /** Values of the variables. @default none */
  readonly values?: PromptValues;
}

/** A prompt filled in. */
export interface RenderedPrompt {
  /** The messages; a text prompt is one user message. */
  readonly messages: readonly ChatMessage[];
  /** The text of a text prompt; absent for a chat prompt. */
  readonly text?: string;
}

/** Values of `{{variables}}`. Objects are rendered as JSON; a placeholder takes a list of messages. */
export type PromptValues = Readonly<Record<string, unknown>>;

/** One version of a prompt, ready to use. */
export interface Prompt extends PromptVersion {
  /** Name and version, and the alias through which it was fetched. */
  readonly ref: PromptRef;
  /** Renders a text prompt. @throws RivuletError `invalid_argument` for missing variables, or for a chat prompt */
  format(values?: PromptValues): string;
  /** Renders messages; a text prompt is one user message. @throws RivuletError `invalid_argument` for missing variables */
  formatMessages(values?: PromptValues): readonly ChatMessage[];
}
