import type { PromptVersion } from "@rivulet/core";

/** A version as one text, for comparing. */
export function versionText({ template, config }: PromptVersion): string {
  const body =
    typeof template === "string"
      ? template
      : template.map(({ role, content }) => `[${role}]\n${content}`).join("\n\n");
  const hasConfig = Object.keys(config).length > 0;
  return hasConfig ? `${body}\n\n[config]\n${JSON.stringify(config, null, 2)}\n` : `${body}\n`;
}
