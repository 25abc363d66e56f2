import { maskKnownTokens } from "./known-tokens.ts";
import { MASKED } from "./masked.ts";
import { maskNamedValues } from "./named-values.ts";
import { mayHoldSecret } from "./secret-signs.ts";

/** Length of the shortest text that is looked at. */
const SHORTEST = 8;

/**
 * Masks credentials in text: keys and tokens that their beginning gives away, values with a telling name, `Bearer …`
 * and `Basic …`, private keys, passwords in addresses. Returns the same text when there are none. Takes a time that
 * grows with the length of the text, whatever is in it.
 */
export function maskSecretText(text: string): string {
  if (text.length < SHORTEST) return text;
  const named = text.includes(":")
    ? maskNamedValues(maskAddresses(text))
    : text.includes("=")
      ? maskNamedValues(text)
      : text;
  return mayHoldSecret(named) ? maskKnownTokens(maskSchemes(maskPrivateKeys(named))) : named;
}

const BEARER = /\b(bearer )(?:[\w.~+/=-]{16,}|(?=[A-Za-z.~+/=_-]{0,15}\d)[\w.~+/=-]{8,15})/gi;
const BASIC = /\b(Basic )([A-Za-z0-9+/]{4,512}={0,2})/g;

function maskSchemes(text: string): string {
  return text
    .replace(BEARER, `$1${MASKED}`)
    .replace(BASIC, (whole, scheme: string, coded: string) =>
      isUserAndPassword(coded) ? scheme + MASKED : whole,
    );
}

/** Words are in the same letters, but do not decode to text with a colon. */
function isUserAndPassword(coded: string): boolean {
  return /^[ -~]*:[ -~]*$/.test(Buffer.from(coded, "base64").toString("latin1"));
}

const BEGIN_KEY = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g;

function maskPrivateKeys(text: string): string {
  if (!text.includes("-----BEGIN ")) return text;
  let masked = "";
  let copied = 0;
  for (const { 0: begin, index } of text.matchAll(BEGIN_KEY)) {
    const start = index + begin.length;
    if (start < copied) continue;
    const end = text.indexOf("-----END ", start);
    masked += text.slice(copied, start) + MASKED;
    copied = end < 0 ? text.length : end;
  }
  return masked + text.slice(copied);
}

const USER_AND_PASSWORD = /[^\s/?#:@"'<>]{0,128}:([^\s/?#"'<>]{1,512})@/y;
/** Most characters of a user and a password, with what stands between them. */
const LONGEST_USER = 128 + 1 + 512;
const WEBHOOK =
  /hooks\.slack\.com\/(?:services|workflows|triggers)\/|discord(?:app)?\.com\/api\/webhooks\//y;
const PATH = /[\w/-]+/y;

/** Masks the passwords of addresses, and the paths of webhooks, which are all that guards them. */
function maskAddresses(text: string): string {
  let masked = "";
  let copied = 0;
  let sign = -1;
  let at = text.indexOf("://");
  while (at >= 0) {
    const start = at + 3;
    if (sign < start) sign = indexOrEnd(text, "@", start);
    const secret = sign - start <= LONGEST_USER ? passwordAt(text, start) : undefined;
    const found = secret ?? webhookAt(text, start);
    if (found !== undefined) {
      masked += text.slice(copied, found.start) + MASKED;
      copied = found.end;
    }
    at = text.indexOf("://", Math.max(start, copied));
  }
  return copied === 0 ? text : masked + text.slice(copied);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function passwordAt(text: string, start: number): Range | undefined {
  const user = matchAt(USER_AND_PASSWORD, text, start);
  if (user === undefined) return undefined;
  const end = start + user[0].length - 1;
  return { start: end - (user[1]?.length ?? 0), end };
}

function webhookAt(text: string, start: number): Range | undefined {
  if (!text.startsWith("hooks.", start) && !text.startsWith("discord", start)) return undefined;
  const webhook = matchAt(WEBHOOK, text, start);
  if (webhook === undefined) return undefined;
  const begin = start + webhook[0].length;
  const path = matchAt(PATH, text, begin);
  return path && { start: begin, end: begin + path[0].length };
}

function indexOrEnd(text: string, searched: string, from: number): number {
  const index = text.indexOf(searched, from);
  return index < 0 ? Number.POSITIVE_INFINITY : index;
}

function matchAt(form: RegExp, text: string, at: number): RegExpExecArray | undefined {
  form.lastIndex = at;
  return form.exec(text) ?? undefined;
}
