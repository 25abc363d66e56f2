import { createEncoder } from "@rivulet/store";

const encode = createEncoder({ maskSecrets: false });

/** Text of what should be text: the ids of an app's own database are often numbers. Never throws. */
export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  const parsed: unknown = encode(value, "")?.parse();
  return typeof parsed === "string" ? parsed : (JSON.stringify(parsed) ?? "");
}

/** The same; undefined when there is nothing. */
export function asOptionalText(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : asText(value);
}
