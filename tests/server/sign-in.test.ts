import { join } from "node:path";
import { apiKeyAuth } from "@rivulet/server";
import { describe, expect, it } from "vitest";
import { aFolder } from "./api-client.ts";
import {
  aHandlerOn,
  aRivulet,
  call,
  cookieOf,
  MOUNT,
  ORIGIN,
  postToken,
  TOKEN,
  tokenOf,
  watchPrinted,
} from "./token-calls.ts";

watchPrinted();

describe("signing in", () => {
  it("gives a cookie that pages cannot read, other sites cannot use, and that is for the mount", async () => {
    const handler = aHandlerOn(aRivulet());
    const answer = await postToken(handler, TOKEN);
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()).toEqual([
      expect.stringMatching(
        /^rivulet-[0-9a-f]{12}=[\w-]{43}; HttpOnly; SameSite=Strict; Max-Age=2592000$/,
      ),
    ]);
    const headers = { cookie: `other=1; ${cookieOf(answer)}; more=2` };
    expect((await call(handler, "/api/v1/me", { headers })).status).toBe(200);
    const isIn = await call(handler, "/sign-in", { headers });
    expect([isIn.status, await isIn.json()]).toEqual([200, { canSignOut: true }]);
    expect(answer.headers.getSetCookie()[0]).not.toContain(TOKEN);
  });

  it("gives a cookie for encrypted connections alone where there is one", async () => {
    const handler = aHandlerOn(aRivulet(), { auth: "token", token: TOKEN });
    const isSecure = async (origin: string, more = {}): Promise<boolean> =>
      (await postToken(handler, TOKEN, { origin, more })).headers
        .getSetCookie()
        .every((cookie) => cookie.endsWith("; Secure"));
    expect(await isSecure("https://ml.example")).toBe(true);
    expect(await isSecure("http://ml.example", { "x-forwarded-proto": "https" })).toBe(true);
    expect(await isSecure("http://ml.example")).toBe(false);
  });

  it.each([["another-token"], [""], [7], [null], [["a-token-for-tests"]]])(
    "is refused with %j",
    async (token) => {
      const answer = await postToken(aHandlerOn(aRivulet()), token);
      expect(answer.status).toBe(401);
      expect(answer.headers.has("set-cookie")).toBe(false);
    },
  );

  it("is refused with a body that is larger than any token", async () => {
    const answer = await postToken(aHandlerOn(aRivulet()), "x".repeat(4096));
    expect(answer.status).toBe(413);
  });

  it("is refused to pages of other sites, and to forms", async () => {
    const handler = aHandlerOn(aRivulet());
    const more = { "sec-fetch-site": "cross-site" };
    expect((await postToken(handler, TOKEN, { more })).status).toBe(403);
    const form = { "content-type": "text/plain" };
    expect((await postToken(handler, TOKEN, { more: form })).status).toBe(415);
  });

  it("lasts over a restart where the token is kept, and not where it is of the process", async () => {
    const store = `sqlite:${join(await aFolder(), "app.db")}`;
    expect(await staysSignedIn(store)).toBe(true);
    expect(await staysSignedIn("memory:")).toBe(false);
  });

  it("does not sign out of another Rivulet on this machine", async () => {
    const names = [];
    for (const store of [`sqlite:${join(await aFolder(), "app.db")}`, "memory:"]) {
      const handler = aHandlerOn(aRivulet(store), {});
      const { token, address } = await tokenOf(handler);
      for (const origin of [address, address.replace("3000", "3001")]) {
        const answer = await postToken(handler, token, { origin: new URL(origin).origin });
        names.push(cookieOf(answer).split("=")[0]);
      }
    }
    const [kept, keptElsewhere, ...ofProcess] = names;
    expect(kept).toBe(keptElsewhere);
    expect(new Set([kept, ...ofProcess]).size).toBe(3);
  });

  it("is not there where there is another auth, and who is in is told so", async () => {
    for (const auth of ["local", "none"] as const) {
      const handler = aHandlerOn(aRivulet(), { auth });
      expect(await (await call(handler, "/sign-in")).json()).toEqual({ canSignOut: false });
      expect((await postToken(handler, TOKEN)).status).toBe(405);
      expect(await handler.signInUrl(`${ORIGIN}/mlops`)).toBe(`${ORIGIN}/mlops/`);
    }
  });
});

describe("signing out", () => {
  it("takes the cookie away, which has the same name", async () => {
    const handler = aHandlerOn(aRivulet());
    const given = cookieOf(await postToken(handler, TOKEN));
    const answer = await handler(
      new Request(`${ORIGIN}/mlops/sign-in`, { method: "DELETE", headers: { cookie: given } }),
      MOUNT,
    );
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()).toEqual([
      `${given.split("=")[0]}=; HttpOnly; SameSite=Strict; Max-Age=0`,
    ]);
  });

  it("is nothing for who brings the token with every request", async () => {
    const headers = { authorization: `Bearer ${TOKEN}` };
    const answer = await call(aHandlerOn(aRivulet()), "/sign-in", { headers });
    expect(await answer.json()).toEqual({ canSignOut: false });
  });
});

describe("signing in with a key", () => {
  const auth = apiKeyAuth({
    keys: [
      { id: "anna", key: "key-of-anna", access: "read" },
      { id: "ben", key: "key-of-ben-1", access: "admin" },
    ],
  });

  it("gives a cookie that is its holder, with what that one may do", async () => {
    const handler = aHandlerOn(aRivulet(), { auth });
    for (const [key, me] of [
      ["key-of-anna", { id: "anna", access: "read" }],
      ["key-of-ben-1", { id: "ben", access: "admin" }],
    ] as const) {
      const headers = { cookie: cookieOf(await postToken(handler, key)) };
      expect(headers.cookie).not.toContain(key);
      expect(await (await call(handler, "/api/v1/me", { headers })).json()).toEqual(me);
    }
  });

  it("is refused with another, and says to the page that a key is missing", async () => {
    const handler = aHandlerOn(aRivulet(), { auth });
    const answer = await postToken(handler, "key-of-nobody");
    expect([answer.status, answer.headers.has("set-cookie")]).toEqual([401, false]);
    const refused = await (await call(handler, "/sign-in")).json();
    expect(refused).toMatchObject({
      error: { code: "unauthenticated", details: { token: "key" } },
    });
  });

  it("ends when the key is no longer there, and not when another goes", async () => {
    const before = aHandlerOn(aRivulet(), { auth });
    const headers = { cookie: cookieOf(await postToken(before, "key-of-anna")) };
    const ofBen = { cookie: cookieOf(await postToken(before, "key-of-ben-1")) };
    const keys = [{ id: "ben", key: "key-of-ben-1", access: "admin" }] as const;
    const after = aHandlerOn(aRivulet(), { auth: apiKeyAuth({ keys }) });
    expect((await call(after, "/api/v1/me", { headers })).status).toBe(401);
    expect((await call(after, "/api/v1/me", { headers: ofBen })).status).toBe(200);
  });
});

async function staysSignedIn(store: string): Promise<boolean> {
  const first = aHandlerOn(aRivulet(store), {});
  const cookie = cookieOf(await postToken(first, (await tokenOf(first)).token));
  const second = aHandlerOn(aRivulet(store), {});
  return (await call(second, "/api/v1/me", { headers: { cookie } })).status === 200;
}
