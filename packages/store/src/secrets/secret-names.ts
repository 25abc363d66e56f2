/**
 * What a name says of its value: `secret`, whatever it is; `token`, if it looks like one, because a model's words are
 * called tokens, too.
 */
export type NameKind = "secret" | "token" | "plain";

const SECRET: ReadonlySet<string> = new Set([
  "bearer",
  "secrets",
  "passwordhash",
  "idtoken",
  "apitoken",
  "jwt",
  "cvv",
  "cvc",
  "otp",
  "totp",
  "xamzsignature",
  "xamzsecuritytoken",
  "xgoogsignature",
]);
const SECRET_ENDINGS: readonly string[] = [
  "authorization",
  "cookie",
  "cookies",
  "apikey",
  "password",
  "passwd",
  "passphrase",
  "secret",
  "secretkey",
  "secretaccesskey",
  "privatekey",
  "accesskey",
  "accountkey",
  "subscriptionkey",
  "encryptionkey",
  "signingkey",
  "masterkey",
  "accesstoken",
  "refreshtoken",
  "authtoken",
  "bearertoken",
  "sessiontoken",
];
/** Names of tokens that open nothing. */
const PLACES = /(?:page|next|continuation|cursor|sync|cancellation)token$/;
const SEPARATORS = /[-_.\s]/g;
const NUMBER_AT_END = /\d{1,4}$/;

/** Names repeat endlessly; what each says is remembered, within bounds. */
const MOST_KNOWN = 5_000;
const LONGEST_NAME = 100;
const known = new Map<string, NameKind>();

/**
 * What the name says of its value. Case, dashes, underscores, dots and spaces in it do not matter, nor a number at its
 * end; of a long name, which is a path of names, only the end counts.
 */
export function kindOfName(name: string): NameKind {
  if (name.length > LONGEST_NAME) return kindOfName(name.slice(-LONGEST_NAME));
  const found = known.get(name);
  if (found !== undefined) return found;
  const kind = classify(name.toLowerCase().replace(SEPARATORS, "").replace(NUMBER_AT_END, ""));
  if (known.size < MOST_KNOWN) known.set(name, kind);
  return kind;
}

function classify(name: string): NameKind {
  if (isSecret(name)) return "secret";
  // Several are as secret as one; but how many tokens a session took is a number.
  if (name.endsWith("s") && isSecret(name.slice(0, -1))) {
    return name.endsWith("tokens") ? "token" : "secret";
  }
  return name.endsWith("token") && !PLACES.test(name) ? "token" : "plain";
}

function isSecret(name: string): boolean {
  return SECRET.has(name) || SECRET_ENDINGS.some((ending) => name.endsWith(ending));
}

const SHORTEST_TOKEN = 16;
const LONGEST_TOKEN = 8_192;
const OPAQUE = /^(?=\D*\d)[^\s{}]+$/;

/** Whether the value of a name that ends in `token` can be one: no word of a model is long and has digits in it. */
export function looksLikeToken(value: string): boolean {
  const { length } = value;
  return length >= SHORTEST_TOKEN && length <= LONGEST_TOKEN && OPAQUE.test(value);
}
