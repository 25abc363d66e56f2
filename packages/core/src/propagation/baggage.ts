import { LIMITS } from "@rivulet/domain";
import type { SharedTraceFields } from "./propagation.ts";

const SESSION = "session.id";
const USER = "user.id";
const PROMPT_KEY = "rivulet.prompt.key";
const TAG = "rivulet.tag.";
const FIELDS: ReadonlyMap<string, "sessionId" | "userId" | "promptKey"> = new Map([
  [SESSION, "sessionId"],
  [USER, "userId"],
  [PROMPT_KEY, "promptKey"],
]);
/** W3C: what every service passes on. */
const MAX_BYTES = 8_192;
const MAX_MEMBERS = 64;

/** Session, user, key of prompts and tags as a W3C `baggage` header; `undefined` when there are none. What does not fit is left out. */
export function formatBaggage(said: SharedTraceFields): string | undefined {
  const { sessionId, userId, promptKey, tags = {} } = said;
  const members = [
    member(SESSION, sessionId),
    member(USER, userId),
    member(PROMPT_KEY, promptKey),
    ...Object.entries(tags).map(([key, value]) => member(TAG + encodeURIComponent(key), value)),
  ];
  let header = "";
  for (const said of members.filter((text) => text !== undefined).slice(0, MAX_MEMBERS)) {
    const longer = header === "" ? said : `${header},${said}`;
    if (longer.length <= MAX_BYTES) header = longer;
  }
  return header === "" ? undefined : header;
}

function member(key: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${key}=${encodeURIComponent(value)}`;
}

/** Session, user, key of prompts and tags of a W3C `baggage` header; members of others are left out. Never throws. */
export function parseBaggage(header: string | undefined): SharedTraceFields {
  const tags: Record<string, string> = {};
  const fields: { [Field in "sessionId" | "userId" | "promptKey"]?: string } = {};
  for (const text of header?.slice(0, MAX_BYTES).split(",", MAX_MEMBERS) ?? []) {
    const { key, value } = readMember(text);
    const field = FIELDS.get(key);
    if (value === "") continue;
    if (field !== undefined) fields[field] = value;
    else if (key.startsWith(TAG) && key.length > TAG.length)
      tags[decoded(key.slice(TAG.length))] = value;
  }
  return Object.keys(tags).length === 0 ? fields : { ...fields, tags };
}

function readMember(text: string): { readonly key: string; readonly value: string } {
  const [pair = ""] = text.split(";", 1);
  const at = pair.indexOf("=");
  if (at < 1) return { key: "", value: "" };
  const value = decoded(pair.slice(at + 1).trim()).slice(0, LIMITS.tagValue);
  return { key: pair.slice(0, at).trim(), value };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
