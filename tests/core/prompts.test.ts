import {
  type ChatMessage,
  createRivulet,
  openStore,
  type Prompt,
  type Rivulet,
} from "@rivulet/core";
import { fixedClock } from "@rivulet/core/testing";
import { describe, expect, onTestFinished, test } from "vitest";
import { aClient, refusal, START, STORES, sharedClient } from "./client.ts";

const CHAT: readonly ChatMessage[] = [
  { role: "system", content: "You are {{persona}}." },
  { role: "placeholder", content: "history" },
  { role: "user", content: "{{question}}" },
];

describe.each(STORES)("prompts on %s", (kind) => {
  test("keep versions with their variables", async () => {
    const { rivulet } = await aClient(kind);
    const prompt = await rivulet.prompts.register({
      name: "greet",
      template: "Hello {{ name }}, welcome to {{place}}, {{name}}!",
      config: { temperature: 0.2 },
      commitMessage: "first",
      tags: { lang: "en" },
      aliases: ["production"],
    });
    expect(JSON.parse(JSON.stringify(prompt))).toEqual({
      name: "greet",
      version: 1,
      type: "text",
      template: "Hello {{ name }}, welcome to {{place}}, {{name}}!",
      variables: ["name", "place"],
      config: { temperature: 0.2 },
      commitMessage: "first",
      tags: { lang: "en" },
      aliases: ["production"],
      createdAt: START,
      contentHash: expect.stringMatching(/^[0-9a-f]{64}$/),
      ref: { name: "greet", version: 1 },
    });
    expect(await rivulet.prompts.getEntry("greet")).toMatchObject({
      latestVersion: 1,
      aliases: { production: [{ version: 1, weight: 1 }] },
    });
  });

  test("with the same content are the same version; the order of keys in the config is nothing", async () => {
    const { rivulet } = await aClient(kind);
    const register = async (template: string, config: Record<string, number>) =>
      (await rivulet.prompts.register({ name: "p", template, config })).version;
    expect(await register("a", { x: 1, y: 2 })).toBe(1);
    expect(await register("a", { y: 2, x: 1 })).toBe(1);
    expect(await register("b", { x: 1, y: 2 })).toBe(2);
    expect(await register("a", { x: 1, y: 2 })).toBe(3);
    const versions = await rivulet.prompts.listVersions({ name: "p" });
    expect(versions.items.map(({ version }) => version)).toEqual([3, 2, 1]);
  });

  test("are found by version, alias and newest", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.prompts.register({ name: "p", template: "one", aliases: ["production"] });
    await rivulet.prompts.register({ name: "p", template: "two" });
    const get = async (reference: string) => (await rivulet.prompts.get(reference)).ref;
    expect(await get("p")).toEqual({ name: "p", version: 2 });
    expect(await get("p@latest")).toEqual({ name: "p", version: 2 });
    expect(await get("p@1")).toEqual({ name: "p", version: 1 });
    expect(await get("p@production")).toEqual({ name: "p", version: 1, alias: "production" });
    await expect(rivulet.prompts.get("p@canary")).rejects.toMatchObject(
      refusal("not_found", /There is no prompt alias "p@canary"/),
    );
    await expect(rivulet.prompts.get("p@9")).rejects.toMatchObject(
      refusal("not_found", /There is no prompt version "p@9"/),
    );
    await expect(rivulet.prompts.get("q")).rejects.toMatchObject({ code: "not_found" });
    await expect(rivulet.prompts.get("p@")).rejects.toMatchObject({ code: "invalid_argument" });
    await expect(rivulet.prompts.get("")).rejects.toMatchObject({ code: "invalid_argument" });
  });

  test("show a change made through this client at once", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.prompts.register({ name: "p", template: "one", aliases: ["production"] });
    const text = async (reference: string) => (await rivulet.prompts.get(reference)).format();
    expect(await text("p@production")).toBe("one");
    expect(await text("p")).toBe("one");
    await rivulet.prompts.register({ name: "p", template: "two" });
    expect(await text("p")).toBe("two");
    expect(await text("p@production")).toBe("one");
    await rivulet.prompts.setAlias({ name: "p", alias: "production", version: 2 });
    expect(await text("p@production")).toBe("two");
    await rivulet.prompts.deleteAlias({ name: "p", alias: "production" });
    await expect(text("p@production")).rejects.toMatchObject({ code: "not_found" });
    await rivulet.prompts.delete("p");
    await expect(text("p")).rejects.toMatchObject({ code: "not_found" });
    await expect(text("p@1")).rejects.toMatchObject({ code: "not_found" });
  });

  test("move an alias only from where it was expected", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.prompts.register({ name: "p", template: "one" });
    await rivulet.prompts.register({ name: "p", template: "two" });
    const alias = { name: "p", alias: "production" };
    await rivulet.prompts.setAlias({ ...alias, version: 1, expected: null });
    await expect(
      rivulet.prompts.setAlias({ ...alias, version: 2, expected: null }),
    ).rejects.toMatchObject({ code: "conflict" });
    await rivulet.prompts.setAlias({
      ...alias,
      version: 2,
      expected: [{ version: 1, weight: 1 }],
    });
    expect((await rivulet.prompts.get("p@production")).version).toBe(2);
    await expect(rivulet.prompts.setAlias({ ...alias, version: 7 })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("split an alias by weight, the same key always to the same version", async () => {
    const { rivulet } = await aClient(kind);
    await rivulet.prompts.register({ name: "p", template: "one" });
    await rivulet.prompts.register({ name: "p", template: "two" });
    await rivulet.prompts.setSplit({
      name: "p",
      alias: "production",
      arms: [
        { version: 1, weight: 9 },
        { version: 2, weight: 1 },
      ],
    });
    const draw = async () => {
      const versions: number[] = [];
      for (let user = 0; user < 2000; user += 1) {
        versions.push((await rivulet.prompts.get("p@production", { key: `user-${user}` })).version);
      }
      return versions;
    };
    const first = await draw();
    expect(await draw()).toEqual(first);
    const share = first.filter((version) => version === 2).length / first.length;
    expect(share).toBeGreaterThan(0.08);
    expect(share).toBeLessThan(0.12);
  });

  test("split by session, then by trace, then by chance", async () => {
    const draws = [0.4, 0.6];
    const { rivulet } = await aClient(kind, { random: () => draws.shift() ?? 0 });
    await rivulet.prompts.register({ name: "p", template: "one" });
    await rivulet.prompts.register({ name: "p", template: "two" });
    const arms = [
      { version: 1, weight: 1 },
      { version: 2, weight: 1 },
    ];
    await rivulet.prompts.setSplit({ name: "p", alias: "ab", arms });
    const get = async () => (await rivulet.prompts.get("p@ab")).version;
    expect([await get(), await get()]).toEqual([1, 2]);
    for (const sessionId of ["s1", "s2", "s3", "s4", "s5", "s6"]) {
      const keyed = (await rivulet.prompts.get("p@ab", { key: sessionId })).version;
      const inSession = await rivulet.withSpan("turn", get, { sessionId });
      expect(inSession).toBe(keyed);
    }
    const [twice, keyed] = await rivulet.withSpan("trace", async (span) => [
      [await get(), await get()],
      (await rivulet.prompts.get("p@ab", { key: span.traceId })).version,
    ]);
    expect(twice).toEqual([keyed, keyed]);
  });
});

describe("a prompt", () => {
  async function text(template: string): Promise<Prompt> {
    const { rivulet } = await aClient("memory");
    return rivulet.prompts.register({ name: "p", template });
  }

  test("is filled in once: braces in a value stay text", async () => {
    const prompt = await text("{{a}} and {{b}}");
    expect(prompt.format({ a: "{{b}}", b: "$& {{a}}" })).toBe("{{b}} and $& {{a}}");
  });

  test("leaves other braces as they are", async () => {
    const prompt = await text('{"json": {"x": {{x}}}} {single} {{not-one}} {{ }} {{{x}}}');
    expect(prompt.variables).toEqual(["x"]);
    expect(prompt.format({ x: 1 })).toBe('{"json": {"x": 1}} {single} {{not-one}} {{ }} {1}');
  });

  test("writes objects as JSON, and other values as text", async () => {
    const prompt = await text("{{a}}|{{b}}|{{c}}|{{d}}|{{e}}|{{名前}}");
    const values = { a: { x: [1] }, b: 1.5, c: false, d: null, e: new Date(0), 名前: "ok" };
    expect(prompt.format(values)).toBe('{"x":[1]}|1.5|false|null|1970-01-01T00:00:00.000Z|ok');
  });

  test("names every variable that has no value, inherited ones too", async () => {
    const prompt = await text("{{a}} {{b}} {{constructor}}");
    expect(() => prompt.format({ a: 1, b: undefined })).toThrowError(
      expect.objectContaining(
        refusal("invalid_argument", /prompt p@1 needs values for: b, constructor\.$/),
      ),
    );
  });

  test("of messages takes a list of messages where its placeholder is", async () => {
    const { rivulet } = await aClient("memory");
    const prompt = await rivulet.prompts.register({ name: "chat", template: CHAT });
    expect(prompt.variables).toEqual(["persona", "history", "question"]);
    const history = [{ role: "user" as const, content: "{{persona}}?" }];
    expect(prompt.formatMessages({ persona: "Ann", history, question: "Why?" })).toEqual([
      { role: "system", content: "You are Ann." },
      { role: "user", content: "{{persona}}?" },
      { role: "user", content: "Why?" },
    ]);
    expect(() => prompt.formatMessages({ persona: "Ann", history: "x", question: "Why?" })).toThrow(
      /needs a list of messages, each with a role, for history/,
    );
    expect(() => prompt.format({})).toThrow(/chat prompt: use formatMessages/);
  });

  test("of messages keeps parts, tool calls and whatever else its model takes, here and in a placeholder", async () => {
    const { rivulet } = await aClient("memory");
    const calls = [
      { id: "c1", type: "function", function: { name: "look", arguments: '{"{{a}}":1}' } },
    ];
    const template = [
      { role: "system", content: "Be {{a}}.", name: "house", cache_control: { type: "ephemeral" } },
      {
        role: "user",
        content: [
          { type: "text", text: "See {{a}}:", citations: undefined },
          { type: "image_url", image_url: { url: "https://img/{{b}}.png", detail: "low" } },
        ],
      },
      { role: "assistant", content: null, tool_calls: calls },
      { role: "tool", content: "{{b}}", tool_call_id: "c1" },
      { role: "placeholder", content: "history" },
    ];
    // What JavaScript passes: the types know of no property that is undefined.
    await rivulet.prompts.register({ name: "rich", template: template as never });
    const prompt = await rivulet.prompts.get("rich@1");
    expect(prompt.variables).toEqual(["a", "b", "history"]);
    const history = [
      { role: "assistant", content: null, tool_calls: calls },
      { role: "user", content: [{ type: "text", text: "{{a}}" }], name: "ann" },
      { role: "function", name: "old" },
    ];
    expect(prompt.formatMessages({ a: "brief", b: 7, history })).toEqual([
      { role: "system", content: "Be brief.", name: "house", cache_control: { type: "ephemeral" } },
      {
        role: "user",
        content: [
          { type: "text", text: "See brief:" },
          { type: "image_url", image_url: { url: "https://img/7.png", detail: "low" } },
        ],
      },
      { role: "assistant", content: null, tool_calls: calls },
      { role: "tool", content: "7", tool_call_id: "c1" },
      ...history,
    ]);
  });

  test.each([
    [
      "bytes in a part",
      { role: "user", content: [{ type: "image", data: Buffer.from("x") }] },
      /template\.0\.content\.0\.data: is a Buffer: JSON cannot hold bytes/,
    ],
    [
      "a part without a type",
      { role: "user", content: [{ text: "x" }] },
      /template\.0\.content\.0\.type: Invalid input: expected string/,
    ],
    [
      "no content",
      { role: "user" },
      /must be text, a list of parts that each have a type, or null/,
    ],
    [
      "a placeholder without a name",
      { role: "placeholder", content: null },
      /holds the name of one variable/,
    ],
  ])("of messages with %s is refused", async (_, message, problem) => {
    const { rivulet } = await aClient("memory");
    const registered = rivulet.prompts.register({ name: "bad", template: [message as never] });
    await expect(registered).rejects.toMatchObject(refusal("invalid_argument", problem));
    expect((await rivulet.prompts.search()).items).toEqual([]);
  });

  test("of text is one user message as a chat", async () => {
    expect((await text("Hi {{a}}")).formatMessages({ a: "x" })).toEqual([
      { role: "user", content: "Hi x" },
    ]);
  });

  test("is linked to the span in which it is filled in, with its alias", async () => {
    const { rivulet } = await aClient("memory");
    await rivulet.prompts.register({ name: "p", template: "Hi {{a}}", aliases: ["production"] });
    await rivulet.withSpan("call", async () => {
      (await rivulet.prompts.get("p@production")).format({ a: "x" });
    });
    await rivulet.flush();
    const [trace] = (await rivulet.traces.search()).items;
    expect(trace?.prompts).toEqual([{ name: "p", version: 1, alias: "production" }]);
    const [span] = await rivulet.traces.listSpans(trace?.id ?? "");
    expect(span?.prompts).toEqual([{ name: "p", version: 1, alias: "production" }]);
  });

  test("is found again by what it made, unless it is only a variable", async () => {
    const { rivulet } = await aClient("memory");
    const prompt = await rivulet.prompts.register({ name: "chat", template: CHAT });
    prompt.formatMessages({ persona: "Ann", history: [], question: "Why?" });
    expect(rivulet.prompts.findRendered("You are Ann.")).toEqual({ name: "chat", version: 1 });
    expect(rivulet.prompts.findRendered("Why?")).toBeUndefined();
  });
});

describe("the cache of prompts nobody tells of changes", () => {
  async function twoClients() {
    const store = await openStore("memory:");
    const clock = fixedClock();
    // Whose changes mine is not told of: as when both were away from the database for long.
    const mine = createRivulet({ store: { ...store, subscribe: () => () => undefined }, clock });
    const other = createRivulet({ store, clock });
    onTestFinished(() => mine.close());
    await other.prompts.register({ name: "p", template: "one", aliases: ["production"] });
    await other.prompts.register({ name: "p", template: "two" });
    const read = async () => (await mine.prompts.get("p@production")).version;
    return { clock, mine, other, read };
  }

  /** The refresh asks the same store, so some answers later it has happened. */
  async function until(other: Rivulet, condition: () => Promise<boolean>): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) {
      if (await condition()) return;
      await other.prompts.getEntry("p");
    }
    throw new Error("The background refresh did not happen.");
  }

  test("answers with what it knows for a minute, then looks again in the background", async () => {
    const { clock, other, read } = await twoClients();
    expect(await read()).toBe(1);
    await other.prompts.setAlias({ name: "p", alias: "production", version: 2 });
    clock.advance(59_999);
    expect(await read()).toBe(1);
    clock.advance(1);
    expect(await read()).toBe(1);
    await until(other, async () => (await read()) === 2);
  });

  test("forgets an alias that somebody else removed", async () => {
    const { clock, other, read } = await twoClients();
    expect(await read()).toBe(1);
    await other.prompts.deleteAlias({ name: "p", alias: "production" });
    clock.advance(60_000);
    expect(await read()).toBe(1);
    await until(other, () =>
      read().then(
        () => false,
        () => true,
      ),
    );
    await expect(read()).rejects.toMatchObject({ code: "not_found" });
  });
});

describe("prompts with bad input", () => {
  const client = sharedClient();

  test.each([
    ["no arms", [], /needs an arm/],
    ["a weight of 0", [{ version: 1, weight: 0 }], /weight/],
    ["an endless weight", [{ version: 1, weight: Number.POSITIVE_INFINITY }], /weight/],
    [
      "a version twice",
      [
        { version: 1, weight: 1 },
        { version: 1, weight: 2 },
      ],
      /one arm/,
    ],
  ])("refuse a split with %s", async (_case, arms, message) => {
    const rivulet = client();
    await rivulet.prompts.register({ name: "split", template: "one" });
    await expect(
      rivulet.prompts.setSplit({ name: "split", alias: "ab", arms }),
    ).rejects.toMatchObject(refusal("invalid_argument", message));
  });

  test.each([
    ["an empty template", { template: "" }, /template/],
    ["no messages", { template: [] }, /template/],
    ["a role of its own", { template: [{ role: "boss", content: "x" }] }, /template/],
    [
      "a placeholder that names nothing",
      { template: [{ role: "placeholder", content: "a b" }] },
      /name of one variable/,
    ],
    ["100001 bytes", { template: "x".repeat(100_001) }, /at most 100000 bytes/],
    ["a name with a slash", { name: "a/b", template: "x" }, /letters, digits, _ \. and -/],
    ["a reserved alias", { template: "x", aliases: ["latest"] }, /reserved/],
  ])("refuse %s", async (_case, options, message) => {
    const rivulet = client();
    const input = { name: "refused", ...options } as Parameters<typeof rivulet.prompts.register>[0];
    await expect(rivulet.prompts.register(input)).rejects.toMatchObject(
      refusal("invalid_argument", message),
    );
    const made = await rivulet.prompts.search({ filter: "name != 'split'" });
    expect(made.items).toEqual([]);
  });
});
