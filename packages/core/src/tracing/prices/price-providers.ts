/** Those who sell their own models, in the order in which a model without a provider is looked for. */
export const VENDORS: readonly string[] = [
  "openai",
  "anthropic",
  "google",
  "mistral",
  "x-ai",
  "deepseek",
  "cohere",
  "moonshotai",
  "zhipuai",
  "minimax",
  "perplexity",
  "voyageai",
];

/** Clouds that sell the models of others, for what the vendor takes where their own list does not say. */
export const CLOUDS: readonly string[] = ["aws", "azure"];

/** Those who run open models at prices of their own. */
export const HOSTS: readonly string[] = [
  "groq",
  "together",
  "fireworks",
  "cerebras",
  "cloudflare",
  "novita",
];

/** The list of a gateway that has models of everybody. */
export const GATEWAY = "openrouter";

/** Models that run on machines of one's own cost nothing that a list knows. */
const LOCAL = "local";

/** How libraries, gateways and model names write a provider → its list. The first that fits counts. */
const WRITTEN: readonly (readonly [pattern: RegExp, list: string])[] = [
  [/ollama|lm-?studio|llama-?cpp|llamafile|vllm|localai/, LOCAL],
  [/openrouter/, GATEWAY],
  [/groq/, "groq"],
  [/together/, "together"],
  [/fireworks/, "fireworks"],
  [/cerebras/, "cerebras"],
  [/cloudflare|workers-ai|^@cf/, "cloudflare"],
  [/novita/, "novita"],
  [
    /bedrock|amazon|^aws|^(?:(?:us-gov|us|eu|apac|au|jp|ca|global)\.)?(?:anthropic|meta|mistral|cohere|ai21|deepseek)\.(?!messages|chat)/,
    "aws",
  ],
  [/azure/, "azure"],
  [/vertex|google|gemini|^gcp/, "google"],
  [/anthropic/, "anthropic"],
  [/openai/, "openai"],
  [/mistral/, "mistral"],
  [/^x-?ai|grok/, "x-ai"],
  [/deepseek/, "deepseek"],
  [/cohere/, "cohere"],
  [/moonshot|kimi/, "moonshotai"],
  [/zhipu|^z-?ai|bigmodel/, "zhipuai"],
  [/minimax/, "minimax"],
  [/perplexity/, "perplexity"],
  [/voyage/, "voyageai"],
];

/** The list of a provider as somebody writes it: `openai.responses`, `amazon_bedrock`, `google.vertex.chat`. */
function listOfProvider(provider: string): string | undefined {
  const written = provider.toLowerCase().replaceAll("_", "-");
  return WRITTEN.find(([pattern]) => pattern.test(written))?.[1];
}

/** The lists in which a model is looked for, the likeliest first. */
export function listsFor(model: string, provider: string | undefined): readonly string[] {
  const stated = provider === undefined ? undefined : listOfProvider(provider);
  if (stated === LOCAL) return [];
  const named = [stated, ...prefixLists(model)].filter((list) => list !== undefined);
  // A host's price is not its vendor's.
  const host = named.find((list) => HOSTS.includes(list));
  if (host !== undefined) return [host];
  if (named.includes(LOCAL)) return [];
  const own = named.filter((list) => list !== GATEWAY);
  return [...new Set([...own, ...VENDORS, ...CLOUDS, ...(model.includes("/") ? [GATEWAY] : [])])];
}

/** What a model's name says of providers: `groq/…`, `bedrock/us.anthropic.…`, `arn:aws:bedrock:…`. */
function prefixLists(model: string): readonly (string | undefined)[] {
  const parts = model.toLowerCase().split(/[/:](?=[a-z@])/);
  const prefixes = parts.slice(0, -1).map(listOfProvider);
  const isOfBedrock = /^[a-z-]+\.[a-z]/.test(parts.at(-1) ?? "");
  return isOfBedrock ? [...prefixes, "aws"] : prefixes;
}
