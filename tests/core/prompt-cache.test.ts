import { createRivulet, openStore, type Store } from "@rivulet/core";
import { fixedClock } from "@rivulet/core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { aClient } from "./client.ts";

type ReadPrompt = Store["prompts"]["get"];

/** A client whose look-ups of prompts go through `around`; "p@production" is version 1 of 2. */
async function watchedClient(around: (read: ReadPrompt) => ReadPrompt) {
  const store = await openStore("memory:");
  const clock = fixedClock();
  const errors: Error[] = [];
  const watched = { ...store, prompts: { ...store.prompts, get: around(store.prompts.get) } };
  const rivulet = createRivulet({ store: watched, clock, onError: (error) => errors.push(error) });
  onTestFinished(() => rivulet.close());
  await rivulet.prompts.register({ name: "p", template: "one", aliases: ["production"] });
  await rivulet.prompts.register({ name: "p", template: "two" });
  const read = async () => (await rivulet.prompts.get("p@production")).version;
  return { rivulet, store, clock, errors, read };
}

describe("the cache of prompts", () => {
  /** An alias is moved while the look-up of another `get` is under way; `release` lets that one end. */
  async function moveDuringLookUp() {
    const asked = Promise.withResolvers<void>();
    const held = Promise.withResolvers<void>();
    const { rivulet, read } = await watchedClient((get) => async (name) => {
      const found = await get(name);
      asked.resolve();
      await held.promise;
      return found;
    });
    const before = read();
    await asked.promise;
    await rivulet.prompts.setAlias({ name: "p", alias: "production", version: 2 });
    return { read, before, release: held.resolve };
  }

  test("does not keep what was asked for before an alias was moved", async () => {
    const { read, before, release } = await moveDuringLookUp();
    release();
    expect(await before).toBe(1);
    expect(await read()).toBe(2);
  });

  test("does not give it to those who ask after the move, either", async () => {
    const { read, before, release } = await moveDuringLookUp();
    const after = read();
    release();
    expect(await before).toBe(1);
    expect(await after).toBe(2);
  });

  test("asks once for all who want the same prompt at the same time, and not again after", async () => {
    let asked = 0;
    const { read } = await watchedClient((get) => (name) => {
      asked += 1;
      return get(name);
    });
    expect(await Promise.all(Array.from({ length: 10 }, read))).toEqual(Array(10).fill(1));
    expect(await read()).toBe(1);
    expect(asked).toBe(1);
  });

  test("forgets a prompt that somebody else changed, and no other", async () => {
    const looked: string[] = [];
    const { rivulet, store, read } = await watchedClient((get) => (name) => {
      looked.push(name);
      return get(name);
    });
    await rivulet.prompts.register({ name: "q", template: "other" });
    const readOther = async () => (await rivulet.prompts.get("q")).version;
    expect([await read(), await readOther(), await read()]).toEqual([1, 1, 1]);
    const arms = [{ version: 2, weight: 1 }];
    await store.prompts.setAlias({ name: "p", alias: "production", arms, updatedAt: 1 });
    expect([await read(), await readOther()]).toEqual([2, 1]);
    expect(looked).toEqual(["p", "q", "p"]);
  });

  test("forgets a version that somebody else deleted and made again", async () => {
    const { rivulet, store } = await watchedClient((get) => get);
    expect((await rivulet.prompts.get("p@1")).template).toBe("one");
    const version = await store.prompts.getVersion({ name: "p", version: 1 });
    await store.prompts.delete("p");
    await expect(rivulet.prompts.get("p@1")).rejects.toMatchObject({ code: "not_found" });
    const { aliases: _, version: __, ...again } = version as NonNullable<typeof version>;
    await store.prompts.addVersion({ ...again, template: "uno", contentHash: "f".repeat(64) });
    expect((await rivulet.prompts.get("p@1")).template).toBe("uno");
  });

  test("asks at most every five seconds while the store does not answer", async () => {
    let asked = 0;
    let broken = false;
    const { clock, errors, read } = await watchedClient((get) => async (name) => {
      asked += 1;
      if (broken) throw new Error("the store is away");
      return get(name);
    });
    /** Each reads and lets the failure of a refresh settle. */
    const readTimes = async (times: number) => {
      for (let time = 0; time < times; time += 1) {
        expect(await read()).toBe(1);
        await new Promise(setImmediate);
      }
    };
    await read();
    broken = true;
    clock.advance(60_000);
    await readTimes(10);
    expect(asked).toBe(2);
    clock.advance(4_999);
    await readTimes(10);
    expect(asked).toBe(2);
    clock.advance(1);
    await readTimes(10);
    expect(asked).toBe(3);
    expect(errors.map(({ message }) => message)).toEqual(Array(2).fill("the store is away"));
  });
});

describe("the split of an alias", () => {
  test("gives each key the same version in every process and release, and each alias a split of its own", async () => {
    const { rivulet } = await aClient("memory");
    await rivulet.prompts.register({ name: "p", template: "one" });
    await rivulet.prompts.register({ name: "p", template: "two" });
    const arms = [
      { version: 1, weight: 1 },
      { version: 2, weight: 1 },
    ];
    const versions = async (alias: string) => {
      await rivulet.prompts.setSplit({ name: "p", alias, arms });
      const keys = Array.from({ length: 16 }, (_, user) => `user-${user}`);
      const prompts = keys.map((key) => rivulet.prompts.get(`p@${alias}`, { key }));
      return (await Promise.all(prompts)).map(({ version }) => version).join("");
    };
    expect(await versions("production")).toBe("1221221212122212");
    expect(await versions("canary")).toBe("1121121112122111");
  });
});

describe("texts that prompts made", () => {
  test("are found by them unless all that stands around the variable is white space", async () => {
    const { rivulet } = await aClient("memory");
    const blank = await rivulet.prompts.register({ name: "blank", template: "\n {{question}}\t" });
    const marked = await rivulet.prompts.register({ name: "marked", template: "> {{question}}" });
    blank.format({ question: "Why?" });
    marked.format({ question: "Why?" });
    expect(rivulet.prompts.findRendered("\n Why?\t")).toBeUndefined();
    expect(rivulet.prompts.findRendered("> Why?")).toEqual({ name: "marked", version: 1 });
  });

  test("are remembered up to 2000; the one that was not needed for longest goes first", async () => {
    const { rivulet } = await aClient("memory");
    const prompt = await rivulet.prompts.register({ name: "p", template: "number {{n}}" });
    for (let n = 1; n <= 2000; n += 1) prompt.format({ n });
    expect(rivulet.prompts.findRendered("number 1")).toEqual(prompt.ref);
    prompt.format({ n: 2001 });
    expect(rivulet.prompts.findRendered("number 1")).toEqual(prompt.ref);
    expect(rivulet.prompts.findRendered("number 2")).toBeUndefined();
    expect(rivulet.prompts.findRendered("number 3")).toEqual(prompt.ref);
  });

  test("are remembered up to four million characters", async () => {
    const { rivulet } = await aClient("memory");
    const prompt = await rivulet.prompts.register({ name: "p", template: "Sum up: {{text}}" });
    const texts = ["a", "b"].map((letter) => letter.repeat(3_000_000));
    for (const text of texts) prompt.format({ text });
    expect(texts.map((text) => rivulet.prompts.findRendered(`Sum up: ${text}`))).toEqual([
      undefined,
      prompt.ref,
    ]);
    prompt.format({ text: "c".repeat(4_000_000) });
    expect(rivulet.prompts.findRendered(`Sum up: ${texts[1]}`)).toEqual(prompt.ref);
  });
});
