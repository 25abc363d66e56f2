import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@rivulet/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { aFolder } from "../store/folder.ts";
import { ask } from "./ask.ts";
import { type EmbeddedServer, makeServer } from "./embedded-server.ts";
import { serverUrl } from "./server-url.ts";
import { openedPostgres } from "./store.ts";
import { storeUrlAt } from "./store-url.ts";

const CERTIFICATE = join(import.meta.dirname, "tls/server.crt");

describe("a server with TLS, whose certificate is for localhost and of no known authority", () => {
  let server: EmbeddedServer;
  beforeAll(async () => {
    server = await makeServer(await mkdtemp(join(tmpdir(), "rivulet-postgres-")), { tls: true });
  });
  afterAll(() => server.remove());

  const urlAt = (host: string, parameters: Readonly<Record<string, string>>): string => {
    const url = new URL(storeUrlAt(server.url, parameters));
    url.hostname = host;
    return url.href;
  };

  test.each([
    ["127.0.0.1", { sslmode: "require" }],
    ["127.0.0.1", { sslmode: "prefer" }],
    ["127.0.0.1", { sslmode: "verify-ca", sslrootcert: CERTIFICATE }],
    ["127.0.0.1", { sslmode: "require", sslrootcert: CERTIFICATE }],
    ["localhost", { sslmode: "verify-full", sslrootcert: CERTIFICATE }],
  ])("is reached at %s with %j", async (host, parameters) => {
    const name = `tls-${Object.values(parameters).join("-").length}-${host}`;
    await openedPostgres(urlAt(host, { ...parameters, application_name: name }));
    expect(await connectionsOf(server.url, name)).toContainEqual({ ssl: true });
  });

  test("is reached without TLS where it is not asked for", async () => {
    await openedPostgres(urlAt("127.0.0.1", { application_name: "plain" }));
    expect(await connectionsOf(server.url, "plain")).toContainEqual({ ssl: false });
  });

  test.each([
    ["localhost", { sslmode: "verify-full" }, "self-signed certificate"],
    ["127.0.0.1", { sslmode: "verify-full", sslrootcert: CERTIFICATE }, "does not match"],
  ])("is not trusted at %s with %j", async (host, parameters, reason) => {
    const opening = openStore(urlAt(host, parameters), { spool: await aFolder() });
    await expect(opening).rejects.toMatchObject({
      code: "store_unavailable",
      message: expect.stringContaining(reason),
    });
  });
});

test("a server without TLS is refused where TLS is asked for, and taken where it is preferred", async () => {
  const server = await serverUrl();
  const opening = openStore(storeUrlAt(server, { sslmode: "require" }), { spool: await aFolder() });
  await expect(opening).rejects.toMatchObject({
    code: "store_unavailable",
    message: expect.stringContaining("does not support SSL"),
  });
  const { store } = await openedPostgres(storeUrlAt(server, { sslmode: "prefer" }));
  expect(store.info.driver).toBe("postgres");
});

function connectionsOf(url: string, applicationName: string): Promise<readonly unknown[]> {
  return ask(
    url,
    "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE application_name = $1",
    [applicationName],
  );
}
