/** Providers that OpenAI's client can call, by a part of the host's name. */
const HOSTS: readonly (readonly [RegExp, string])[] = [
  [/(?:^|\.)openai\.com$/, "openai"],
  [/\.(?:openai|cognitiveservices|services\.ai)\.azure\.com$/, "azure"],
  [/(?:^|\.)openrouter\.ai$/, "openrouter"],
  [/(?:^|\.)deepseek\.com$/, "deepseek"],
  [/(?:^|\.)groq\.com$/, "groq"],
  [/(?:^|\.)x\.ai$/, "xai"],
  [/(?:^|\.)mistral\.ai$/, "mistral"],
  [/(?:^|\.)together\.(?:xyz|ai)$/, "together"],
  [/(?:^|\.)fireworks\.ai$/, "fireworks"],
  [/(?:^|\.)perplexity\.ai$/, "perplexity"],
  [/(?:^|\.)cerebras\.ai$/, "cerebras"],
  [/^generativelanguage\.googleapis\.com$/, "google"],
];

/** The provider behind an address; `openai` for one that is not known, such as that of a proxy. */
export function providerOf(baseUrl: string): string {
  const host = URL.parse(baseUrl)?.hostname ?? "";
  return HOSTS.find(([pattern]) => pattern.test(host))?.[1] ?? "openai";
}
