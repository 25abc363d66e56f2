/** What is left out of a model's name, step by step, until a price list knows it. */
const RULES: readonly (readonly [pattern: RegExp, by: string])[] = [
  // A gateway, a provider, a vendor, the path of a resource: anthropic/claude…, models/gemini…, arn:…:inference-profile/us.…
  [/^[^/]*\//, ""],
  // openai:gpt-4.1, anthropic:claude…
  [/^(?!ft:)[a-z][a-z\d_-]*:(?=[a-z])/, ""],
  // https://….openai.azure.com/openai/deployments/gpt-4o/chat/completions
  [/^.*\/deployments\/([^/]+).*$/, "$1"],
  // Variants of gateways that cost the same, and methods of Google's paths.
  [/:(?:nitro|floor|online|exacto|thinking|beta)$/, ""],
  [/:(?:stream)?(?:generatecontent|(?:raw)?predict)$/, ""],
  // Claude with the window of a million tokens, as its agents write it: claude-sonnet-4-5[1m]
  [/\[1m\]$/, ""],
  // A fine-tuned model: ft:gpt-4o-mini:acme::7p4lURx
  [/^(ft:[^:]+):.*$/, "$1"],
  [/^(ft:.+)-\d{4}$/, "$1"],
  // Versions on Bedrock: -v1:0, -v2:0:200k
  [/(?:-v\d+(?::\d+)?|:\d+)(?::\d+k)?$/, ""],
  // The revisions of Google's models: gemini-2.0-flash-001
  [/-00\d$/, ""],
  // A day: -2024-07-18, -20250929, @20250929; -preview-09-2025, -preview-06-05
  [/[-@]20\d{2}-?(?:0[1-9]|1[0-2])-?[0-3]\d$/, ""],
  [/-preview-(?:0[1-9]|1[0-2])-(?:20)?\d{2}$/, ""],
  [/[-@](?:latest|default)$/, ""],
  // Some write the family last: claude-4.5-sonnet
  [/^claude-(\d(?:-\d)?)-(opus|sonnet|haiku)/, "claude-$2-$1"],
  // A region, a vendor: us.anthropic.claude…
  [/^[a-z\d-]+\.(?=[a-z])/, ""],
];

/** Longer names are no model's. */
const MAX_LENGTH = 500;
/** No name comes apart in more ways. */
const MAX_NAMES = 200;

/** A name as price lists of ours have it: in lower case, and 4.5 as 4-5. */
export function canonicalName(model: string): string {
  return model
    .trim()
    .toLowerCase()
    .replace(/(?<=\d)\.(?=\d)/g, "-");
}

/**
 * The names under which a price may stand: the model's own, then without prefixes, dates and versions, those with the
 * least left out first.
 */
export function modelNames(model: string): readonly string[] {
  if (model.length > MAX_LENGTH) return [];
  const names = new Set([canonicalName(model)]);
  // A set that grows is walked to its new end.
  for (const name of names) {
    for (const [pattern, by] of RULES) names.add(name.replace(pattern, by));
    if (names.size > MAX_NAMES) break;
  }
  return [...names];
}
