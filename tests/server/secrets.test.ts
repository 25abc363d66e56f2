import { timingSafeEqual } from "node:crypto";
import { apiKeyAuth } from "@rivulet/server";
import { beforeEach, expect, it, vi } from "vitest";
import { LOCAL } from "./api-client.ts";
import { aHandlerOn, aRivulet, call } from "./token-calls.ts";

vi.mock(import("node:crypto"), async (original) => {
  const crypto = await original();
  return { ...crypto, timingSafeEqual: vi.fn(crypto.timingSafeEqual) };
});

const headers = { authorization: "Bearer no-such-secret" };

beforeEach(() => void vi.mocked(timingSafeEqual).mockClear());

it("the token is compared in a time that tells nothing about it", async () => {
  expect((await call(aHandlerOn(aRivulet()), "/api/v1/me", { headers })).status).toBe(401);
  expect(timingSafeEqual).toHaveBeenCalledOnce();
});

it("every key is compared, in a time that tells nothing about any", () => {
  const auth = apiKeyAuth({
    keys: [
      { id: "a", key: "secret-of-a", access: "read" },
      { id: "b", key: "secret-of-b", access: "read" },
    ],
  });
  const request = (authorization: string): Request =>
    new Request("http://localhost", { headers: { authorization } });
  expect(auth(request(headers.authorization), LOCAL)).toBeNull();
  expect(auth(request("Bearer secret-of-a"), LOCAL)).toEqual({ id: "a", access: "read" });
  expect(timingSafeEqual).toHaveBeenCalledTimes(4);
});
