import type { PromptArm, PromptRef, PromptVersion } from "@rivulet/domain";
import { LRUCache } from "lru-cache";
import type { Context } from "../context.ts";
import { createListeners } from "../listeners.ts";
import { searchSchema, toStorePage, toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { aliasKeySchema, describedPatchSchema, idSchema, parseInput } from "../validation.ts";
import { newPromptVersion } from "./new-prompt-version.ts";
import { createPromptCache, type PromptCache, type ResolvedPrompt } from "./prompt-cache.ts";
import {
  getPromptSchema,
  listVersionsSchema,
  promptAliasSchema,
  promptSplitSchema,
  renderPromptSchema,
} from "./prompt-input.ts";
import { createPrompt, type RenderListener, renderPrompt } from "./prompt-object.ts";
import type {
  GetPromptOptions,
  Prompt,
  PromptChange,
  Prompts,
  RegisterPromptOptions,
} from "./prompts.ts";
import { chooseArm, keyPosition } from "./split.ts";

/** The part of a span that prompts need. */
interface PromptUser {
  readonly traceId: string;
  readonly sessionId?: string | undefined;
  linkPrompt(ref: PromptRef): void;
}

/** What prompts depend on besides the context. */
export interface PromptDependencies {
  readonly activeSpan: () => PromptUser | undefined;
  /** Milliseconds after which an alias is looked up again even without a change event. */
  readonly aliasTtlMs: number;
}

const AMBIGUOUS = "ambiguous";
const MAX_RENDERED = 2000;
const MAX_RENDERED_CHARACTERS = 4_000_000;

/** The prompt registry on the context's store. */
export function createPrompts(context: Context, dependencies: PromptDependencies): Prompts {
  const rendered = createRenderedTexts();
  const onRender: RenderListener = (ref, texts) => {
    rendered.add(ref, texts);
    dependencies.activeSpan()?.linkPrompt(ref);
  };
  const cache = createPromptCache({
    context,
    aliasTtlMs: dependencies.aliasTtlMs,
    toPrompt: (version, { alias }) => createPrompt(version, toRef(version, alias), onRender),
  });

  const choose = (found: ResolvedPrompt, options: GetPromptOptions | undefined): Prompt => {
    if (found.single !== undefined) return found.single;
    const span = options?.key === undefined ? dependencies.activeSpan() : undefined;
    const shared = context.activeTrace.getStore();
    const { sessionId = shared?.sessionId } = span ?? {};
    const key = options?.key ?? shared?.promptKey ?? sessionId ?? span?.traceId;
    const position =
      key === undefined ? context.random() : keyPosition(found.name, found.alias, key);
    const arm = chooseArm(found.arms, position);
    if (arm === undefined) throw notFound("prompt alias", `${found.name}@${found.alias}`);
    return arm.prompt;
  };

  const get = async (reference: string, options: GetPromptOptions | undefined): Promise<Prompt> => {
    // The cached way is what an app calls on every request: one look-up, no parsing.
    const checked =
      options === undefined ? options : parseInput(getPromptSchema, options, "options");
    const known = context.isClosed() ? undefined : cache.peek(reference);
    return choose(known ?? (await cache.load(reference)), checked);
  };

  const listeners = createListeners<PromptChange>(context.reportError);
  const { tell } = listeners;
  return Object.freeze<Prompts>({
    ...createEntries(context, cache, tell),
    ...createPromptAliases(context, cache, tell),
    subscribe: listeners.subscribe,
    register: async (options) => {
      const time = context.now();
      const added = newPromptVersion(options, time);
      const version = await (await context.store()).prompts.addVersion(added);
      cache.forget(version.name);
      for (const change of changesOf(version, options, time)) tell(change);
      return createPrompt(version, toRef(version), onRender);
    },
    get,
    render: async (reference, options = {}) => {
      const { values, ...choice } = parseInput(renderPromptSchema, options, "options");
      return renderPrompt(await get(reference, choice), values);
    },
    findRendered: rendered.find,
  });
}

interface RenderedTexts {
  readonly add: RenderListener;
  readonly find: Prompts["findRendered"];
}

/** Of which version the latest texts are. Texts that several versions have been rendered to say nothing of it. */
function createRenderedTexts(): RenderedTexts {
  const rendered = new LRUCache<string, PromptRef | typeof AMBIGUOUS>({
    max: MAX_RENDERED,
    maxSize: MAX_RENDERED_CHARACTERS,
    sizeCalculation: (_ref, text) => text.length + 1, // an entry without a size is refused
  });
  return {
    add: (ref, texts) => {
      for (const text of texts) {
        const known = rendered.get(text) ?? ref;
        rendered.set(text, isSameVersion(known, ref) ? ref : AMBIGUOUS);
      }
    },
    find: (text) => {
      const ref = rendered.get(text);
      return ref === AMBIGUOUS ? undefined : ref;
    },
  };
}

function isSameVersion(known: PromptRef | typeof AMBIGUOUS, ref: PromptRef): boolean {
  return known !== AMBIGUOUS && known.name === ref.name && known.version === ref.version;
}

function toRef({ name, version }: PromptVersion, alias?: string): PromptRef {
  return alias === undefined ? { name, version } : { name, version, alias };
}

type Tell = (change: PromptChange) => void;

function oneArm(version: number): readonly PromptArm[] {
  return [{ version, weight: 1 }];
}

/** A version of an earlier time was there already. */
function changesOf(
  { name, version, createdAt }: PromptVersion,
  { aliases = [] }: Pick<RegisterPromptOptions, "aliases">,
  now: number,
): readonly PromptChange[] {
  const pointed = [...new Set(aliases)].map((alias) => aliasSet(name, alias, oneArm(version)));
  return createdAt === now ? [{ name, kind: "version_created", version }, ...pointed] : pointed;
}

function aliasSet(name: string, alias: string, arms: readonly PromptArm[]): PromptChange {
  const [first, second] = arms;
  const version = first && second === undefined ? { version: first.version } : {};
  return { name, kind: "alias_set", alias, ...version, arms };
}

function createEntries(
  context: Context,
  cache: PromptCache,
  tell: Tell,
): Pick<Prompts, "getEntry" | "search" | "listVersions" | "update" | "delete"> {
  const { store, now } = context;
  return {
    getEntry: async (name) => {
      const entry = await (await store()).prompts.get(parseInput(idSchema, name, "name"));
      if (entry === undefined) throw notFound("prompt", name);
      return entry;
    },
    search: async (query = {}) =>
      (await store()).prompts.search(
        toStoreQuery(context, "prompt", parseInput(searchSchema, query, "query")),
      ),
    listVersions: async (query) => {
      const { name, ...page } = parseInput(listVersionsSchema, query, "query");
      const { prompts } = await store();
      const versions = await prompts.listVersions({ name, ...toStorePage(page) });
      if (versions.items.length === 0 && (await prompts.get(name)) === undefined)
        throw notFound("prompt", name);
      return versions;
    },
    update: async (name, patch) => {
      const input = parseInput(describedPatchSchema, patch, "prompt");
      const key = parseInput(idSchema, name, "name");
      return (await store()).prompts.update({ ...input, name: key, updatedAt: now() });
    },
    delete: async (name) => {
      await (await store()).prompts.delete(parseInput(idSchema, name, "name"));
      cache.forget(name);
      tell({ name, kind: "prompt_deleted" });
    },
  };
}

function createPromptAliases(
  { store, now }: Context,
  cache: PromptCache,
  tell: Tell,
): Pick<Prompts, "setAlias" | "setSplit" | "deleteAlias"> {
  const point = async (alias: {
    readonly name: string;
    readonly alias: string;
    readonly arms: readonly PromptArm[];
    readonly expected?: readonly PromptArm[] | null;
  }): Promise<void> => {
    await (await store()).prompts.setAlias({ ...alias, updatedAt: now() });
    cache.forget(alias.name);
    tell(aliasSet(alias.name, alias.alias, alias.arms));
  };

  return {
    setAlias: async (options) => {
      const { version, ...input } = parseInput(promptAliasSchema, options, "alias");
      await point({ ...input, arms: oneArm(version) });
    },
    setSplit: async (options) => point(parseInput(promptSplitSchema, options, "split")),
    deleteAlias: async (options) => {
      const { name, alias } = parseInput(aliasKeySchema, options, "alias");
      await (await store()).prompts.deleteAlias({ name, alias, updatedAt: now() });
      cache.forget(name);
      tell({ name, kind: "alias_deleted", alias });
    },
  };
}
