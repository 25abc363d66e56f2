import { ADDRESSES, type AddressedId, addressOf, parseAddress } from "@rivulet/client";
import { operations } from "@rivulet/core/operations";
import { expect, test } from "vitest";

/** Their bytes are sent and taken as they are. */
const FILES = [
  "artifacts.get",
  "artifacts.put",
  "artifacts.zip",
  "models.load",
  "models.zip",
  "runs.export",
  "runs.exportMetrics",
  "traces.getAttachment",
];

test("every operation has one address, and every address is an operation's", () => {
  const ids = operations.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(50);
  expect(new Set(ids).size).toBe(ids.length);
  expect(Object.keys(ADDRESSES).sort()).toEqual([...ids, ...FILES].sort());
});

test("no two operations have the same address", () => {
  const places = Object.values(ADDRESSES).map((address) => {
    const { method, path } = parseAddress(address);
    return `${method} ${path.replaceAll(/:\w+/g, ":")}`;
  });
  expect(new Set(places).size).toBe(places.length);
});

test.each(operations)("$id names its arguments as its address does", (operation) => {
  const { positional = [] } = ADDRESSES[operation.id as AddressedId];
  expect(positional).toEqual(operation.positional);
});

/** What fills a template in, a thousand ids, or a list of objects is more than a query can hold. */
const ASKED_IN_BODIES = [
  "prompts.render",
  "runs.compare",
  "runs.childSummaries",
  "loggedModels.search",
];

/** They change nothing, and still are not for everybody who reads. */
const READ_BY_ADMINS = ["webhooks.get", "webhooks.search", "webhooks.deliveries"];

test.each(operations)("$id changes nothing where it is asked for with GET", ({ id, access }) => {
  const { method } = addressOf(id);
  if (ASKED_IN_BODIES.includes(id)) expect(method).toBe("POST");
  else expect(method === "GET").toBe(access === "read" || READ_BY_ADMINS.includes(id));
});
