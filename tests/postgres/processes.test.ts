import { hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { type Child, linesOf, startChild } from "../store/child.ts";
import { openedPostgres } from "./store.ts";
import { aStoreUrl } from "./store-url.ts";

const PROCESSES = 4;
const ROUNDS = 25;

test("four processes at once: numbers without gaps, exact compare-and-set, every span once", async () => {
  const url = await aStoreUrl();
  const children: Child[] = [];
  for (let index = 1; index <= PROCESSES; index += 1) {
    children.push(startChild("compete", url, hexId(index), String(ROUNDS)));
  }
  const said = (await Promise.all(children.map(linesOf))).flat();
  const numbersOf = (kind: string): readonly number[] =>
    said
      .flatMap((line) => (line.startsWith(`${kind} `) ? [Number(line.slice(kind.length + 1))] : []))
      .toSorted((a, b) => a - b);
  const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n + 1);

  expect(numbersOf("prompt")).toEqual(upTo(PROCESSES * ROUNDS));
  expect(numbersOf("model")).toEqual(upTo(PROCESSES * ROUNDS));
  const { store } = await openedPostgres(url);
  const counter = await store.prompts.get("counter");
  // Whoever won has moved the alias one further; nobody's move was lost.
  expect(numbersOf("moved")).toEqual(upTo(numbersOf("moved").length));
  expect(counter?.aliases["next"]).toEqual([{ version: numbersOf("moved").length + 1, weight: 1 }]);
  for (let index = 1; index <= PROCESSES; index += 1) {
    const trace = await store.traces.get(hexId(index));
    expect(trace).toMatchObject({ spanCount: ROUNDS, usage: { totalTokens: ROUNDS } });
  }
  expect(await store.traces.get(hexId(99))).toMatchObject({
    spanCount: PROCESSES * ROUNDS,
    usage: { totalTokens: PROCESSES * ROUNDS },
  });
});

test("what another process does is told to those who listen", async () => {
  const url = await aStoreUrl();
  const { store } = await openedPostgres(url);
  const told = Promise.withResolvers<readonly string[]>();
  store.subscribe(({ entity, ids }) => {
    if (entity === "run") told.resolve(ids);
  });
  await linesOf(startChild("open", url, hexId(1)));
  expect(await told.promise).toEqual([hexId(1)]);
});
