import { LIMITS } from "@rivulet/domain";
import { createEncoder } from "@rivulet/store";
import { cutText } from "./fit-size.ts";

const encode = createEncoder({ maskSecrets: false });

/** Text of what should be text: the ids of an app's own database are often numbers. Never throws. */
export function asText(value: unknown): string {
  if (typeof value === "string") return value;
  const parsed: unknown = encode(value, "")?.parse();
  return typeof parsed === "string" ? parsed : (JSON.stringify(parsed) ?? "");
}

/** Text of what should be a name, no longer than names are. Never throws. */
export function asName(value: unknown): string {
  return cutText(asText(value), LIMITS.name);
}

/** The same; undefined when there is nothing. */
export function asOptionalName(value: unknown): string | undefined {
  return value === undefined || value === null ? undefined : asName(value);
}
