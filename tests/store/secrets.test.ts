import { createEncoder } from "@rivulet/store";
import { expect, test } from "vitest";

const encode = createEncoder({ maskSecrets: true });
const masked = (value: unknown): unknown => encode(value, "input")?.parse();

/** Letters and digits as keys have them, made up. */
const body = (length: number): string =>
  "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA".repeat(4).slice(0, length);
const hex = (length: number): string => "0123456789abcdef".repeat(4).slice(0, length);

const TOKENS: readonly (readonly [secret: string, kept: string])[] = [
  [`sk-${body(48)}`, "sk-"],
  [`sk-proj-${body(20)}-${body(30)}_${body(20)}`, "sk-"],
  [`sk-ant-api03-${body(40)}-${body(40)}AA`, "sk-"],
  [`sk-or-v1-${hex(64)}`, "sk-"],
  ["sk-lf-12345678-abcd-1234-abcd-1234567890ab", "sk-"],
  [`sk_live_${body(24)}`, "sk_live_"],
  [`rk_test_${body(24)}`, "rk_test_"],
  [`sk_${hex(48)}`, "sk_"],
  [`whsec_${body(32)}`, "whsec_"],
  [`gsk_${body(52)}`, "gsk_"],
  [`xai-${body(80)}`, "xai-"],
  [`pplx-${body(48)}`, "pplx-"],
  [`r8_${body(37)}`, "r8_"],
  [`hf_${body(34)}`, "hf_"],
  [`lsv2_pt_${hex(32)}_${hex(10)}`, "lsv2_pt_"],
  [`tvly-dev-${body(32)}`, "tvly-"],
  [`nvapi-${body(64)}`, "nvapi-"],
  ["AKIAIOSFODNN7EXAMPLE", "AKIA"],
  ["ASIAIOSFODNN7EXAMPLE", "ASIA"],
  [`AIza${body(35)}`, "AIza"],
  [`ya29.${body(60)}`, "ya29."],
  [`GOCSPX-${body(28)}`, "GOCSPX-"],
  [`dapi${hex(32)}`, "dapi"],
  [`dop_v1_${hex(64)}`, "dop_v1_"],
  [`SG.${body(22)}.${body(43)}`, "SG."],
  [`ghp_${body(36)}`, "ghp_"],
  [`gho_${body(36)}`, "gho_"],
  [`github_pat_${body(22)}_${body(59)}`, "github_pat_"],
  [`glpat-${body(20)}`, "glpat-"],
  [`xoxb-1234567890-1234567890-${body(24)}`, "xoxb-"],
  [`xapp-1-A0123456789-1234567890-${hex(64)}`, "xapp-"],
  [`npm_${body(36)}`, "npm_"],
  [`pypi-AgEIcHlwaS5vcmc${body(60)}`, "pypi-"],
  [`shpat_${hex(32)}`, "shpat_"],
  [`eyJ${body(30)}.eyJ${body(60)}.${body(43)}`, "eyJ"],
];

test.each(TOKENS)("masks %s wherever it stands in a text", (secret, kept) => {
  const told = (found: string): readonly string[] => [
    found,
    `The key is ${found}, keep it.`,
    `{"a":"${found}","b":1}`,
    `https://api.example.com/v1?x=${found}&y=2`,
    `[${found}](${found})`,
    `line\n${found}\nline`,
  ];
  expect(masked(told(secret))).toEqual(told(`${kept}[masked]`));
});

const PEM = `-----BEGIN RSA PRIVATE KEY-----\n${`${body(64)}\n`.repeat(20)}-----END RSA PRIVATE KEY-----`;

const TEXTS: readonly (readonly [text: string, kept: string])[] = [
  ["Authorization: Bearer abcdefghijklmnop", "Authorization: [masked]"],
  ["use Bearer abcdefghijklmnop", "use Bearer [masked]"],
  ["BEARER a1b2c3d4", "BEARER [masked]"],
  ["Basic dXNlcjpwYXNz", "Basic [masked]"],
  [
    `key:\n${PEM}\nend`,
    "key:\n-----BEGIN RSA PRIVATE KEY-----[masked]-----END RSA PRIVATE KEY-----\nend",
  ],
  [`-----BEGIN PRIVATE KEY-----\\n${body(64)}`, "-----BEGIN PRIVATE KEY-----[masked]"],
  ["postgres://app:hunter2@db:5432/x", "postgres://app:[masked]@db:5432/x"],
  ["redis://:p@ss@cache", "redis://:[masked]@cache"],
  ["mongodb+srv://u:p%40@h/?a=b", "mongodb+srv://u:[masked]@h/?a=b"],
  ["Server=db;User Id=sa;Password=hunter2;", "Server=db;User Id=sa;Password=[masked];"],
  [
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=abc/d+e==;EndpointSuffix=x",
    "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=[masked];EndpointSuffix=x",
  ],
  ["https://x.example/a?api_key=12345&b=1#c", "https://x.example/a?api_key=[masked]&b=1#c"],
  ["/login?password=hunter2", "/login?password=[masked]"],
  ["OPENAI_API_KEY=12345\nDEBUG=1", "OPENAI_API_KEY=[masked]\nDEBUG=1"],
  ["API_KEY_2=12345&password1=p", "API_KEY_2=[masked]&password1=[masked]"],
  ["password      =        'p'", "password      =        '[masked]'"],
  ['export DB_PASSWORD="two words"', 'export DB_PASSWORD="[masked]"'],
  ['{"password":"hunter2","user":"ada"}', '{"password":"[masked]","user":"ada"}'],
  ['{ "apiKey" : "a\\"b", "n": 1 }', '{ "apiKey" : "[masked]", "n": 1 }'],
  ['{"a":"{\\"client_secret\\":\\"x y\\"}"}', '{"a":"{\\"client_secret\\":\\"[masked]\\"}"}'],
  ["{'password': 'hunter2'}", "{'password': '[masked]'}"],
  ["curl -H 'Cookie: a=b; c=d' x", "curl -H 'Cookie: [masked]' x"],
  ["set-cookie: sid=1; Path=/\nage: 1", "set-cookie: [masked]\nage: 1"],
  ["x-api-key: 1234abcd", "x-api-key: [masked]"],
  ["my password: hunter2.", "my password: [masked]"],
  ["API key: 9f8e7d6c5b4a", "API key: [masked]"],
  ["GITHUB_TOKEN=0123456789abcdef", "GITHUB_TOKEN=[masked]"],
  ["https://hooks.slack.com/services/T000/B000/abc", "https://hooks.slack.com/services/[masked]"],
];

test.each(TEXTS)("masks what is secret in %j", (text, kept) => {
  expect(masked(text)).toBe(kept);
  expect(masked(kept)).toBe(kept);
});

test.each([
  "max_tokens=100&token_usage=5",
  '{"max_tokens":4096,"tokens":12,"token":"Hello","eos_token":"</s>"}',
  "Our cookie policy: we use cookies. Password: at least eight letters.",
  "The secret: there is none. Authorization: required for admins.",
  "const apiKey = process.env.OPENAI_API_KEY; const b = getSecret(apiKey);",
  "const apiKey: string = readKey(); if (password == null) throw x;",
  `{"password":{"type":"string"},"apiKey":"$${"{KEY}"}","secret":""}`,
  "next_page_token=abcdefgh12345678&pageToken=abcdefgh12345678",
  "risk-assessment-is-not-a-key, sk-learn-based-estimators, task-oriented",
  "Basic understanding of bearer authentication and bearer tokens",
  "claude-sonnet-4-20250514 gpt-4o-mini-2024-07-18 text-embedding-3-large",
  "3f2504e0-4f89-11d3-9a0c-0305e82c3301 call_abcdefghijklmnopqrstuvwx",
  `sha256:${hex(64)} toolu_${body(24)} eyJpZCI6MTIzNDU2Nzg5MDEyMzQ1fQ`,
  "https://example.com:8080/a@b http://localhost/x?y=z see mailto:ada@example.org",
  "-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----",
  "get_current_weather.temperature_in_celsius",
])("leaves %j", (text) => {
  expect(masked(text)).toBe(text);
});

test("masks by the name of a field, however it is written, and all that is in it", () => {
  const input = {
    Authorization: "Basic dTpw",
    "set-cookie": ["a=1", "b=2"],
    cookies: { sid: "abc", cart: { id: "7" } },
    "X-Goog-Api-Key": "12345",
    openaiApiKey: "12345",
    "http.request.header.authorization": "Basic dTpw",
    DB_PASSWORD: 12345,
    "client.secret": "s",
    webhookSecret: "s",
    slack_token: "0123456789abcdef",
    secrets: ["a", { b: "c" }],
    rawHeaders: ["Host", "x", "Cookie", "sid=1", "X-Api-Key", "abcdef"],
    headers: [
      ["cookie", "sid=1"],
      ["x-api-key", "abcdef"],
      ["accept", "x"],
    ],
    header: ["x-api-key", "abc123"],
    apiKeys: ["12345", { a: "b" }],
    password2: "p",
    API_KEY_12: "k",
    refreshTokens: ["0123456789abcdef"],
    sessionTokens: 512,
    [`${"path.".repeat(30)}password`]: "p",
    names: ["password", "email"],
    fields: [
      { name: "Authorization", value: "Basic dTpw" },
      { key: "accept", value: "text/html" },
      { Key: "db_password", Value: "p" },
      { name: "set-cookie", values: ["a=1"] },
    ],
    secretAccessKey: "",
    isSecret: false,
    max_tokens: 5,
    tokens: ["a", "b"],
    token: "Hello",
    nextPageToken: "0123456789abcdef",
    required: ["password", "user"],
    schema: { password: { type: "string", description: "At least 8" } },
    cookiePolicy: "strict",
  };
  expect(masked(input)).toEqual({
    ...input,
    Authorization: "[masked]",
    "set-cookie": ["[masked]", "[masked]"],
    cookies: { sid: "[masked]", cart: { id: "[masked]" } },
    "X-Goog-Api-Key": "[masked]",
    openaiApiKey: "[masked]",
    "http.request.header.authorization": "[masked]",
    DB_PASSWORD: "[masked]",
    "client.secret": "[masked]",
    webhookSecret: "[masked]",
    slack_token: "[masked]",
    secrets: ["[masked]", { b: "[masked]" }],
    rawHeaders: ["Host", "x", "Cookie", "[masked]", "X-Api-Key", "[masked]"],
    headers: [
      ["cookie", "[masked]"],
      ["x-api-key", "[masked]"],
      ["accept", "x"],
    ],
    header: ["x-api-key", "[masked]"],
    apiKeys: ["[masked]", { a: "[masked]" }],
    password2: "[masked]",
    API_KEY_12: "[masked]",
    refreshTokens: ["[masked]"],
    [`${"path.".repeat(30)}password`]: "[masked]",
    fields: [
      { name: "Authorization", value: "[masked]" },
      { key: "accept", value: "text/html" },
      { Key: "db_password", Value: "[masked]" },
      { name: "set-cookie", values: ["[masked]"] },
    ],
  });
});

test("masks the values in what is no JSON object: maps, schemas, names of functions and symbols", () => {
  const key = `sk-proj-${body(24)}`;
  const named = Object.defineProperty(() => 1, "name", { value: key });
  expect(
    masked([
      new Map<unknown, unknown>([
        ["password", "abc"],
        [1, 2],
      ]),
      { password: { type: "string", description: "At least 8", default: "p", value: "p" } },
      named,
      Symbol(key),
    ]),
  ).toEqual([
    [
      ["password", "[masked]"],
      [1, 2],
    ],
    {
      password: {
        type: "string",
        description: "At least 8",
        default: "[masked]",
        value: "[masked]",
      },
    },
    "[function sk-[masked]]",
    "Symbol(sk-[masked])",
  ]);
});

/** Each makes a search that looks back take as long as the square of the text. */
test.each([
  ["sk-", 60_000],
  ["eyJ-", 80_000],
  ["eyJaaaaaaaaaa.", 11],
  ["password=$", 17],
  ['password:"$', 200_000],
  ["-----BEGIN ", 220_000],
  ["://a:", 100_000],
  ["\\", 20_000],
])("a long text of nothing but %j is looked through once", (unit, length) => {
  expect(masked(unit.repeat(20_000))).toHaveLength(length);
});

test.each(["token:", "password:", "cookie:"])(
  "a text of nothing but %j, each in the values of those before it, is masked whole after a while",
  (unit) => {
    const text = String(masked(unit.repeat(20_000)));
    expect(text).toMatch(new RegExp(`^(?:${unit})+`));
    const note = `${unit.slice(0, -1)}[masked: too many names of secrets]`;
    expect(text.replace(new RegExp(`^(?:${unit})+`), "")).toBe(note);
    expect(text.length).toBeLessThan(15_000);
  },
);

test("as many names with values of their own are looked at to the end", () => {
  const text = '{"token":"Hello","password":"x"},'.repeat(20_000);
  expect(masked(text)).toBe(text.replaceAll('"x"', '"[masked]"'));
});

test("masks nothing when it is told so", () => {
  const input = { password: "hunter2", text: "postgres://a:b@c", otp: 5 };
  expect(createEncoder({ maskSecrets: false })(input, "input")?.parse()).toEqual(input);
});
