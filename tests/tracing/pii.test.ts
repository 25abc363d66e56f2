import { detectPii, type PiiKind } from "@rivulet/core/pii";
import { detectPhones } from "@rivulet/core/pii/phone";
import { expect, test } from "vitest";
import { openClient } from "./client.ts";

const ALL: readonly PiiKind[] = ["email", "creditCard", "iban", "ip", "ssn"];
const detect = detectPii(ALL);

test.each([
  ["Write to ada@example.org.", "Write to [email]."],
  ['{"to":"Ada.L+x@mail.example.co.uk","n":1}', '{"to":"[email]","n":1}'],
  ["<ada@example.org>, bob@example.org", "<[email]>, [email]"],
  ["Card 4111 1111 1111 1111, 12/29", "Card [creditCard], 12/29"],
  ["5555-5555-5555-4444", "[creditCard]"],
  ["378282246310005", "[creditCard]"],
  ["IBAN DE89 3704 0044 0532 0130 00 AND more", "IBAN [iban] AND more"],
  ["GB82WEST12345698765432", "[iban]"],
  ["from 192.168.0.1:8080 to 10.0.0.1.", "from [ip]:8080 to [ip]."],
  ["2001:db8::1 and fe80::1", "[ip] and [ip]"],
  ["SSN 123-45-6789", "SSN [ssn]"],
  ["::ffff:10.0.0.1 and ::ffff:10.0.0.2:443", "[ip] and [ip]:443"],
  ["email = 'ada@example.org' or 'o'brien@example.org'", "email = '[email]' or '[email]'"],
  ["https://example.org/?to=ada%40example.org&n=1", "https://example.org/?to=[email]&n=1"],
  ["müller@bücher.de, 请联系ada@example.org谢谢", "[email], 请联系[email]谢谢"],
  ["4111\u00a01111\u00a01111\u00a01111", "[creditCard]"],
  [
    String.raw`"a\nada@example.org\u003cbob@example.org>\n10.0.0.1\tDE89370400440532013000"`,
    String.raw`"a\n[email]\u003c[email]>\n[ip]\t[iban]"`,
  ],
  [String.raw`CORP\user@example.org`, String.raw`CORP\[email]`],
])("finds personal data in %j", (text, masked) => {
  expect(detect(text)).toBe(masked);
});

test.each([
  "at 12:30:45 on 2026-01-02T03:04:05Z",
  "order 4111 1111 1111 1112 and 1790000000000",
  "DE89 3704 0044 0532 0130 01",
  "@ada, a@b, npm i ai@7.0.1 and user@localhost",
  "std::vector :: a 1.2.3 999.1.1.1 v1.2.3.4.5",
  "000-12-3456 123-45-67890 2026-01-02",
  "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
])("leaves %j", (text) => {
  expect(detect(text)).toBe(text);
});

test("finds what it is asked for only", () => {
  const text = "ada@example.org 4111 1111 1111 1111";
  expect(detectPii(["creditCard"])(text)).toBe("ada@example.org [creditCard]");
  expect(detectPii([])(text)).toBe(text);
  expect(() => detectPii(["name" as PiiKind])).toThrow(
    'detectPii knows no "name". There are email, iban, creditCard, ssn, ip.',
  );
});

test("finds phone numbers with the code of their country, and those of one country without", () => {
  const text = "Call +49 30 901820 or (213) 373-4253, order 12345678.";
  expect(detectPhones()(text)).toBe("Call [phone] or (213) 373-4253, order 12345678.");
  expect(detectPhones({ country: "US" })("Call (213) 373-4253.")).toBe("Call [phone].");
  expect(detectPhones()("no number")).toBe("no number");
  expect(detectPhones()(String.raw`"Hi,\n+49 30 901820"`)).toBe(String.raw`"Hi,\n[phone]"`);
});

test("a table of numbers takes a few looks: too short ones stay, of many groups of digits a few are asked about", () => {
  const detect = detectPhones({ country: "US" });
  const ids = "12345678\n".repeat(110);
  expect(detect(ids)).toBe(ids);
  const bits = (rows: number) => "0 1 0 0 1 1 0 1 0 1 1 0 1 0 1 0\n".repeat(rows);
  expect(detect(bits(6))).toBe(bits(6));
  expect(detect(bits(8))).toBe(`${bits(6)}[phone]\n[phone]\n`);
});

test("knows the countries that the library knows", () => {
  expect(() => detectPhones({ country: "XX" as "DE" })).toThrow(
    'detectPhones knows no country "XX". It takes codes of two letters, such as "DE".',
  );
});

test.each(["US", "DE", "FR", "NO", "IN"] as const)(
  "takes no date for a phone number of %s",
  (country) => {
    const text =
      "2026-11-29 16:40:00, 2026/11/29 16:40, 29.11.2026 16:40, 11/29/2026 10:15, 2026-11-29T16:40";
    expect(detectPhones({ country })(text)).toBe(text);
  },
);

test("a client masks what they find, whatever its place, and keeps users apart", async () => {
  const { rivulet, spans } = openClient({ maskText: [detect, detectPhones()] });
  const input = { "ada@example.org": ["+49 30 901820"], card: "4111111111111111", id: 7 };
  const span = rivulet.startSpan("for ada@example.org", { input, userId: "ada@example.org" });
  span.end();
  expect((await spans(span.traceId))["for [email]"]?.input).toEqual({
    "[email]": ["[phone]"],
    card: "[creditCard]",
    id: 7,
  });
  expect((await rivulet.traces.get(span.traceId)).userId).toMatch(/^masked-[\da-f]{16}$/);
});

test.each([
  "a",
  "1",
  "a@",
  "1 ",
  "1.",
  ":",
  "DE89",
  "DE89 ",
  "123-",
  "@",
  "1-",
  "+1 ",
  "a%40",
  "'a@",
  "::1.1",
  "1/1/",
])("a long text of nothing but %j is looked through once", (unit) => {
  const text = unit.repeat(20_000);
  expect(detect(text)).toHaveLength(text.length);
});
