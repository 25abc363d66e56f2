import { MASKED } from "./masked.ts";

/**
 * Credentials that their beginning gives away, with what comes after it. Each repeats one class of characters only, or
 * ends at a fixed number of them, so that no text makes them look back.
 */
const FORMS: readonly string[] = [
  // OpenAI, Anthropic, OpenRouter, DeepSeek, Langfuse: somewhere in it is a part without dashes, unlike in words.
  String.raw`(sk-)(?=(?:[A-Za-z0-9]{0,11}[-_]){0,5}[A-Za-z0-9]{12})[\w-]{12,}`,
  // Stripe, ElevenLabs, Groq, fal, xAI, Perplexity, Replicate, Hugging Face, LangSmith, Tavily, NVIDIA, Fireworks.
  "([sr]k_(?:live|test)_)[A-Za-z0-9]{10,}",
  "(sk_)[0-9a-f]{32,}",
  "(whsec_|gsk_|xai-|pplx-|r8_|hf_|fw_)[A-Za-z0-9]{20,}",
  String.raw`(lsv2_(?:pt|sk)_|nvapi-)[\w-]{20,}`,
  String.raw`(tvly-)[\w-]{12,}`,
  // Amazon, Google, Databricks, DigitalOcean, Twilio, SendGrid.
  "(AKIA|ASIA)[A-Z0-9]{16}",
  String.raw`(AIza)[\w-]{30,}`,
  String.raw`(ya29\.|GOCSPX-)[\w-]{20,}`,
  "(dapi|SK)[0-9a-f]{32}",
  "(dop_v1_)[0-9a-f]{40,}",
  String.raw`(SG\.)[\w-]{16,64}\.[\w-]{16,}`,
  // GitHub, GitLab, Slack, npm, PyPI, Shopify, age.
  "(gh[pousr]_)[A-Za-z0-9]{20,}",
  String.raw`(github_pat_)\w{20,}`,
  String.raw`(glpat-)[\w.-]{16,}`,
  String.raw`(xox[abeoprs]-|xapp-)[\w-]{10,}`,
  "(npm_)[A-Za-z0-9]{30,}",
  String.raw`(pypi-)[\w-]{30,}`,
  "(shp(?:at|ca|pa|ss)_)[0-9a-fA-F]{24,}",
  "(AGE-SECRET-KEY-)[A-Z0-9]{40,}",
  // JSON Web Tokens: a signed one has three parts, an encrypted one five.
  String.raw`(?<![\w-])(eyJ)[\w-]{10,}\.[\w-]{4,}\.[\w.-]*`,
];
const KNOWN = new RegExp(`(?<![A-Za-z0-9])(?:${FORMS.join("|")})`, "g");

/**
 * Masks credentials that their beginning gives away: `sk-…`, `ghp_…`, `AKIA…`. The beginning stays. A form that is added
 * needs its sign, too: see `mayHoldSecret`.
 */
export function maskKnownTokens(text: string): string {
  return text.replace(KNOWN, (_match, ...found: unknown[]) => {
    const beginning = found.find((group) => typeof group === "string");
    return `${String(beginning)}${MASKED}`;
  });
}
