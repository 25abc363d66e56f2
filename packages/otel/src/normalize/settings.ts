import type { Reader } from "./convention.ts";

/** Settings of a request, by what providers call them, as the adapters call them. */
const NAMES: Readonly<Record<string, string>> = {
  max_tokens: "maxOutputTokens",
  maxTokens: "maxOutputTokens",
  max_output_tokens: "maxOutputTokens",
  max_completion_tokens: "maxOutputTokens",
  maxOutputTokens: "maxOutputTokens",
  temperature: "temperature",
  top_p: "topP",
  topP: "topP",
  top_k: "topK",
  topK: "topK",
  frequency_penalty: "frequencyPenalty",
  frequencyPenalty: "frequencyPenalty",
  presence_penalty: "presencePenalty",
  presencePenalty: "presencePenalty",
  stop: "stopSequences",
  stop_sequences: "stopSequences",
  stopSequences: "stopSequences",
  seed: "seed",
  tool_choice: "toolChoice",
  toolChoice: "toolChoice",
};

/** The settings in a request as one object: known ones by the names that the adapters give them. */
export function renameSettings(given: unknown): Readonly<Record<string, unknown>> | undefined {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return undefined;
  const settings = Object.entries(given).filter(
    ([, value]) => value !== null && value !== undefined,
  );
  if (settings.length === 0) return undefined;
  return Object.fromEntries(
    settings.map(([name, value]) => [Object.hasOwn(NAMES, name) ? NAMES[name] : name, value]),
  );
}

/** Reads settings that are single attributes. Those that say that they are not set, by a negative count, stay. */
export function settingsReader(
  prefix: string,
  names: Readonly<Record<string, string>>,
): Reader<"settings"> {
  const known = Object.entries(names).map(([from, to]) => [`${prefix}${from}`, to] as const);
  return ({ attributes }) => {
    const settings: [string, unknown][] = [];
    for (const [from, to] of known) {
      const value = attributes.peek(from);
      if (value === undefined || (to === "maxOutputTokens" && Number(value) < 0)) continue;
      settings.push([to, toNumber(attributes.take(from))]);
    }
    return settings.length === 0 ? undefined : Object.fromEntries(settings);
  };
}

function toNumber(value: unknown): unknown {
  return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
}
