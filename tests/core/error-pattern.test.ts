import { errorPattern } from "@rivulet/core";
import { expect, test } from "vitest";

test.each([
  ["429 Rate limit of 30,000 tokens reached", "<number> Rate limit of <number> tokens reached"],
  ["\u001b[31mfailed\u001b[0m  after\n2.5 s", "failed after <number> s"],
  [
    "Cannot read properties of undefined (reading 'id')",
    "Cannot read properties of undefined (reading <text>)",
  ],
  ["I can't and won't", "I can't and won't"],
  ['No tool "a" or `b`', "No tool <text> or <text>"],
  ["connect ECONNREFUSED 127.0.0.1:443", "connect ECONNREFUSED <number>"],
  ["GET https://api.example.com/v1/x?y=1 failed", "GET <url> failed"],
  ["thread 6f9619ff-8b86-d011-b42d-00cf4fc964ff is gone", "thread <id> is gone"],
  ["request req_011CSHoEeqs5C35K2UUqR7Fy", "request <id>"],
  ["model gpt-4o-mini is overloaded", "model gpt-<number>o-mini is overloaded"],
  ["", ""],
])("%j is %j without what varies", (message, pattern) => {
  expect(errorPattern(message)).toBe(pattern);
});

test("a long message has a short pattern, and takes no longer", () => {
  expect(errorPattern("'".repeat(1_000_000)).length).toBeLessThanOrEqual(300);
  expect(errorPattern("a1".repeat(1_000_000))).toBe("<id>");
});
