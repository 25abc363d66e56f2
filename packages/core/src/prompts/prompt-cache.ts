import type { PromptEntry, PromptVersion } from "@rivulet/domain";
import { RivuletError } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { LRUCache } from "lru-cache";
import type { Context } from "../context.ts";
import { notFound, parseReference, type Reference } from "../reference.ts";
import type { Prompt } from "./prompts.ts";

/** What a reference stands for: one prompt, or several of a split. */
export interface ResolvedPrompt {
  readonly name: string;
  readonly alias: string;
  readonly arms: readonly { readonly prompt: Prompt; readonly weight: number }[];
  /** The only prompt, where there is no split. */
  readonly single: Prompt | undefined;
}

/** Prompts by reference, kept in the process. */
export interface PromptCache {
  /** What is known, at once, however old; what is old is looked up again in the background. */
  peek(reference: string): ResolvedPrompt | undefined;
  /** @throws RivuletError `not_found` */
  load(reference: string): Promise<ResolvedPrompt>;
  /** Forgets everything of this name. */
  forget(name: string): void;
}

/** What {@link createPromptCache} works with. */
export interface PromptCacheOptions {
  readonly context: Context;
  /** Milliseconds after which a prompt is looked up again though nobody told of a change. */
  readonly aliasTtlMs: number;
  readonly toPrompt: (version: PromptVersion, reference: Reference) => Prompt;
}

interface Known {
  readonly resolved: ResolvedPrompt;
  /** When to look again. */
  expiresAt: number;
}

const MAX_REFERENCES = 5000;
const RETRY_MS = 5000;

/**
 * An empty cache. From the first look-up on it listens to what changes, here and in other processes: a prompt that
 * changed is forgotten, versions too, because one that was deleted may come again with another text.
 */
export function createPromptCache(options: PromptCacheOptions): PromptCache {
  const { context, aliasTtlMs } = options;
  const known = new LRUCache<string, Known>({ max: MAX_REFERENCES });
  const loading = new Map<string, Promise<ResolvedPrompt>>();
  // Counts changes: an answer that was asked for before a change is not kept.
  let generation = 0;
  let isListening = false;

  const forget = (name: string): void => {
    generation += 1;
    loading.clear();
    for (const text of [...known.keys()]) {
      if (parseReference(text, "prompt").name === name) known.delete(text);
    }
  };
  const listen = (): void => {
    if (isListening) return;
    isListening = true;
    context.subscribe(({ entity, ids }) => {
      if (entity === ENTITIES.prompt.event) ids.forEach(forget);
    });
  };

  const load = (text: string): Promise<ResolvedPrompt> => {
    const pending = loading.get(text);
    if (pending !== undefined) return pending;
    listen();
    const started = generation;
    const promise = resolve(options, parseReference(text, "prompt"))
      .then((resolved) => {
        const expiresAt = context.now() + aliasTtlMs;
        if (started === generation) known.set(text, { resolved, expiresAt });
        return resolved;
      })
      .finally(() => {
        if (loading.get(text) === promise) loading.delete(text);
      });
    loading.set(text, promise);
    return promise;
  };

  const refresh = async (text: string): Promise<void> => {
    try {
      await load(text);
    } catch (error) {
      if (error instanceof RivuletError && error.code === "not_found") known.delete(text);
      else context.reportError(error);
    }
  };

  return {
    load: async (text) => load(text),
    peek: (text) => {
      const found = known.get(text);
      if (found !== undefined && found.expiresAt <= context.now()) {
        found.expiresAt = context.now() + RETRY_MS;
        void refresh(text);
      }
      return found?.resolved;
    },
    forget,
  };
}

async function resolve(options: PromptCacheOptions, reference: Reference): Promise<ResolvedPrompt> {
  const { name, alias = "" } = reference;
  const arms = await readArms(options, reference);
  const [first, ...rest] = arms;
  return { name, alias, arms, single: rest.length === 0 ? first?.prompt : undefined };
}

async function readArms(
  options: PromptCacheOptions,
  reference: Reference,
): Promise<ResolvedPrompt["arms"]> {
  const { name, version, alias } = reference;
  const { prompts } = await options.context.store();
  const read = async (number: number): Promise<Prompt> => {
    const found = await prompts.getVersion({ name, version: number });
    if (found === undefined) throw notFound("prompt version", `${name}@${number}`);
    return options.toPrompt(found, reference);
  };
  if (version !== undefined) return [{ prompt: await read(version), weight: 1 }];
  const entry = await prompts.get(name);
  if (entry === undefined) throw notFound("prompt", name);
  const arms = alias === undefined ? newest(entry) : aliasArms(entry, alias);
  return Promise.all(
    arms.map(async (arm) => ({ prompt: await read(arm.version), weight: arm.weight })),
  );
}

function newest(entry: PromptEntry): PromptEntry["aliases"][string] {
  return [{ version: entry.latestVersion, weight: 1 }];
}

function aliasArms(entry: PromptEntry, alias: string): PromptEntry["aliases"][string] {
  const arms = Object.hasOwn(entry.aliases, alias) ? entry.aliases[alias] : undefined;
  if (arms === undefined) throw notFound("prompt alias", `${entry.name}@${alias}`);
  return arms;
}
