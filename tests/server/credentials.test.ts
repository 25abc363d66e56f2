import { apiKeyAuth, createHandler } from "@rivulet/server";
import { expect, it } from "vitest";
import { aRivulet, basic, call, TOKEN, watchPrinted } from "./token-calls.ts";

watchPrinted();

/** What programs send to say who they are, and whether it lets them in. */
const HEADERS: readonly (readonly [authorization: string, isLetIn: boolean])[] = [
  [`Bearer ${TOKEN}`, true],
  [`bearer ${TOKEN}`, true],
  [`BEARER   ${TOKEN}`, true],
  [basic(`ann:${TOKEN}`), true],
  [basic(`:${TOKEN}`), true],
  [basic(`${TOKEN}:`), false],
  [basic(TOKEN), false],
  [basic(`ann:more:${TOKEN}`), false],
  [basic(`ann:${TOKEN} `), false],
  [`Basic ${TOKEN}`, false],
  [TOKEN, false],
  [`Token ${TOKEN}`, false],
  [`Bearer ${TOKEN} ${TOKEN}`, false],
  [`Bearer ${TOKEN.slice(0, -1)}`, false],
  [`Bearer ${TOKEN}x`, false],
  ["Bearer", false],
  ["", false],
];

it.each(HEADERS)("%j, as it may name the token or a key: let in is %j", async (...given) => {
  const [authorization, isLetIn] = given;
  const auth = apiKeyAuth({ keys: [{ id: "ann", key: TOKEN, access: "read" }] });
  const handlers = [{ token: TOKEN }, { auth }].map((options) =>
    createHandler(aRivulet(), options),
  );
  for (const handler of handlers) {
    const { status } = await call(handler, "/api/v1/me", { headers: { authorization } });
    expect(status).toBe(isLetIn ? 200 : 401);
  }
});
