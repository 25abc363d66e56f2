import assert from "node:assert/strict";
import type { PromptArm } from "@rivulet/domain";
import type { PromptAliasWrite, Store } from "../port/store.ts";
import { aPromptVersion, BUILT_AT } from "./builders.ts";
import {
  type ContractCase,
  contractGroup,
  EVERYTHING,
  readPages,
  refuses,
  where,
} from "./contract-case.ts";

const LATER = BUILT_AT + 10;
const ONE: readonly PromptArm[] = [{ version: 1, weight: 1 }];
const SPLIT: readonly PromptArm[] = [
  { version: 2, weight: 0.25 },
  { version: 1, weight: 3 },
];

async function twoVersions(store: Store): Promise<void> {
  for (const template of ["one", "two"])
    await store.prompts.addVersion(aPromptVersion({ template }));
}

function alias(
  arms: readonly PromptArm[],
  expected?: PromptAliasWrite["expected"],
): PromptAliasWrite {
  const write = { name: "greet", alias: "production", arms, updatedAt: LATER };
  return expected === undefined ? write : { ...write, expected };
}

async function arms(store: Store): Promise<readonly PromptArm[] | undefined> {
  return (await store.prompts.get("greet"))?.aliases["production"];
}

/** Rules of {@link PromptStore}. */
export const promptRules: readonly ContractCase[] = contractGroup("prompts", {
  "are made by their first version": async (store) => {
    const given = aPromptVersion({
      template: [{ role: "user", content: "{{q}}" }],
      variables: ["q"],
      config: { temperature: 0.1, nested: { list: [1, null] } },
      commitMessage: "first",
      tags: { lang: "en" },
      description: "says hello",
      setAliases: ["production"],
    });
    const added = await store.prompts.addVersion(given);
    const { description: _description, setAliases: _aliases, ...rest } = given;
    const expected = { ...rest, version: 1, aliases: ["production"] };
    assert.deepEqual(added, expected);
    assert.deepEqual(await store.prompts.getVersion({ name: "greet", version: 1 }), expected);
    assert.deepEqual(await store.prompts.get("greet"), {
      name: "greet",
      description: "says hello",
      createdAt: BUILT_AT,
      updatedAt: BUILT_AT,
      tags: {},
      latestVersion: 1,
      aliases: { production: ONE },
    });
    assert.equal(await store.prompts.get("Greet"), undefined);
    assert.equal(await store.prompts.getVersion({ name: "greet", version: 2 }), undefined);
  },
  "give the latest version back for the same content, and point the aliases at it": async (
    store,
  ) => {
    await twoVersions(store);
    const again = await store.prompts.addVersion(
      aPromptVersion({ template: "two", setAliases: ["production"] }),
    );
    assert.deepEqual([again.version, again.aliases], [2, ["production"]]);
    assert.equal((await store.prompts.addVersion(aPromptVersion({ template: "one" }))).version, 3);
  },
  "number versions one by one, however many come at once": async (store) => {
    const versions = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        store.prompts.addVersion(aPromptVersion({ template: `t${index}` })),
      ),
    );
    const numbers = versions.map(({ version }) => version).toSorted((a, b) => a - b);
    assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  },
  "list their versions newest first over pages": async (store) => {
    for (let index = 0; index < 5; index += 1) {
      await store.prompts.addVersion(aPromptVersion({ template: `t${index}` }));
    }
    const versions = await readPages(
      (page) => store.prompts.listVersions({ name: "greet", ...page }),
      2,
    );
    assert.deepEqual(
      versions.map(({ version }) => version),
      [5, 4, 3, 2, 1],
    );
    assert.deepEqual(await store.prompts.listVersions({ name: "none", limit: 5 }), { items: [] });
  },
  "point an alias at one version or several": async (store) => {
    await twoVersions(store);
    await store.prompts.setAlias(alias(ONE));
    assert.deepEqual(await arms(store), ONE);
    await store.prompts.setAlias(alias(SPLIT));
    assert.deepEqual(await arms(store), SPLIT);
    const version = await store.prompts.getVersion({ name: "greet", version: 1 });
    assert.deepEqual(version?.aliases, ["production"]);
    await refuses("not_found", () =>
      store.prompts.setAlias(alias([...ONE, { version: 9, weight: 1 }])),
    );
    await refuses("not_found", () => store.prompts.setAlias({ ...alias(ONE), name: "none" }));
    assert.deepEqual(await arms(store), SPLIT);
    await store.prompts.deleteAlias({ name: "greet", alias: "production", updatedAt: LATER });
    assert.equal(await arms(store), undefined);
  },
  "move an alias only from where it was seen": async (store) => {
    await twoVersions(store);
    await refuses("conflict", () => store.prompts.setAlias(alias(ONE, SPLIT)));
    await store.prompts.setAlias(alias(ONE, null));
    await refuses("conflict", () => store.prompts.setAlias(alias(SPLIT, null)));
    await store.prompts.setAlias(alias(SPLIT, ONE));
    await refuses("conflict", () => store.prompts.setAlias(alias(ONE, ONE)));
    assert.deepEqual(await arms(store), SPLIT);
    await store.prompts.setAlias(alias(ONE, SPLIT));
  },
  "let one of those win who move an alias at once": async (store) => {
    await twoVersions(store);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => store.prompts.setAlias(alias(ONE, null))),
    );
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  },
  "go with all that is theirs": async (store) => {
    await twoVersions(store);
    await store.prompts.setAlias(alias(ONE));
    await store.prompts.delete("greet");
    assert.equal(await store.prompts.get("greet"), undefined);
    assert.equal(await store.prompts.getVersion({ name: "greet", version: 1 }), undefined);
    await refuses("not_found", () => store.prompts.delete("greet"));
  },
  "are listed by name, searched and changed": async (store) => {
    await store.prompts.addVersion(aPromptVersion({ name: "b" }));
    await store.prompts.addVersion(aPromptVersion({ name: "a" }));
    const all = await readPages((page) => store.prompts.search({ ...EVERYTHING, ...page }), 1);
    assert.deepEqual(
      all.map(({ name }) => name),
      ["a", "b"],
    );
    const patch = { name: "a", tags: { team: "x" }, description: "d", updatedAt: LATER };
    const updated = await store.prompts.update(patch);
    assert.deepEqual(
      [updated.tags, updated.description, updated.updatedAt],
      [{ team: "x" }, "d", LATER],
    );
    const found = await store.prompts.search(where({ kind: "tag", key: "team" }, "=", "x"));
    assert.deepEqual(found.items, [updated]);
    await refuses("not_found", () => store.prompts.update({ ...patch, name: "none" }));
  },
});
