import assert from "node:assert/strict";
import type { PromptArm, PromptEntry } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
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
import { entityRules } from "./entity-rules.ts";
import type { Room } from "./room.ts";

const LATER = BUILT_AT + 10;
const ONE: readonly PromptArm[] = [{ version: 1, weight: 1 }];
const SPLIT: readonly PromptArm[] = [
  { version: 2, weight: 0.25 },
  { version: 1, weight: 3 },
];

async function twoVersions(store: Store, room: Room): Promise<void> {
  for (const template of ["one", "two"])
    await store.prompts.addVersion(room.aPromptVersion({ template }));
}

function alias(
  room: Room,
  arms: readonly PromptArm[],
  expected?: PromptAliasWrite["expected"],
): PromptAliasWrite {
  const write = { name: room.name("greet"), alias: "production", arms, updatedAt: LATER };
  return expected === undefined ? write : { ...write, expected };
}

async function arms(store: Store, room: Room): Promise<readonly PromptArm[] | undefined> {
  return (await store.prompts.get(room.name("greet")))?.aliases["production"];
}

const ownRules = contractGroup("prompts", {
  "are made by their first version": async (store, room) => {
    const name = room.name("greet");
    const given = room.aPromptVersion({
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
    assert.deepEqual(await store.prompts.getVersion({ name, version: 1 }), expected);
    assert.deepEqual(await store.prompts.get(name), {
      name,
      description: "says hello",
      createdAt: BUILT_AT,
      updatedAt: BUILT_AT,
      tags: {},
      latestVersion: 1,
      aliases: { production: ONE },
    });
    assert.equal(await store.prompts.get(room.name("Greet")), undefined);
    assert.equal(await store.prompts.getVersion({ name, version: 2 }), undefined);
  },
  "give the latest version back for the same content, and point the aliases at it": async (
    store,
    room,
  ) => {
    await twoVersions(store, room);
    const again = await store.prompts.addVersion(
      room.aPromptVersion({ template: "two", setAliases: ["production"] }),
    );
    assert.deepEqual([again.version, again.aliases], [2, ["production"]]);
    assert.equal(
      (await store.prompts.addVersion(room.aPromptVersion({ template: "one" }))).version,
      3,
    );
  },
  "number versions one by one, however many come at once": async (store, room) => {
    const versions = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        store.prompts.addVersion(room.aPromptVersion({ template: `t${index}` })),
      ),
    );
    const numbers = versions.map(({ version }) => version).toSorted((a, b) => a - b);
    assert.deepEqual(numbers, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  },
  "list their versions newest first over pages": async (store, room) => {
    const name = room.name("greet");
    for (let index = 0; index < 5; index += 1) {
      await store.prompts.addVersion(room.aPromptVersion({ template: `t${index}` }));
    }
    const versions = await readPages((page) => store.prompts.listVersions({ name, ...page }), 2);
    assert.deepEqual(
      versions.map(({ version }) => version),
      [5, 4, 3, 2, 1],
    );
    assert.deepEqual(await store.prompts.listVersions({ name: room.name("none"), limit: 5 }), {
      items: [],
    });
  },
  "point an alias at one version or several": async (store, room) => {
    const name = room.name("greet");
    await twoVersions(store, room);
    await store.prompts.setAlias(alias(room, ONE));
    assert.deepEqual(await arms(store, room), ONE);
    await store.prompts.setAlias(alias(room, SPLIT));
    assert.deepEqual(await arms(store, room), SPLIT);
    const version = await store.prompts.getVersion({ name, version: 1 });
    assert.deepEqual(version?.aliases, ["production"]);
    await refuses("not_found", () =>
      store.prompts.setAlias(alias(room, [...ONE, { version: 9, weight: 1 }])),
    );
    await refuses("not_found", () =>
      store.prompts.setAlias({ ...alias(room, ONE), name: room.name("none") }),
    );
    assert.deepEqual(await arms(store, room), SPLIT);
    await store.prompts.deleteAlias({ name, alias: "production", updatedAt: LATER });
    assert.equal(await arms(store, room), undefined);
  },
  "move an alias only from where it was seen": async (store, room) => {
    await twoVersions(store, room);
    await refuses("conflict", () => store.prompts.setAlias(alias(room, ONE, SPLIT)));
    await store.prompts.setAlias(alias(room, ONE, null));
    await refuses("conflict", () => store.prompts.setAlias(alias(room, SPLIT, null)));
    await store.prompts.setAlias(alias(room, SPLIT, ONE));
    await refuses("conflict", () => store.prompts.setAlias(alias(room, ONE, ONE)));
    assert.deepEqual(await arms(store, room), SPLIT);
    await store.prompts.setAlias(alias(room, ONE, SPLIT));
  },
  "let one of those win who move an alias at once": async (store, room) => {
    await twoVersions(store, room);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => store.prompts.setAlias(alias(room, ONE, null))),
    );
    assert.equal(outcomes.filter(({ status }) => status === "fulfilled").length, 1);
  },
  "go with all that is theirs": async (store, room) => {
    const name = room.name("greet");
    await twoVersions(store, room);
    await store.prompts.setAlias(alias(room, ONE));
    await store.prompts.delete(name);
    assert.equal(await store.prompts.get(name), undefined);
    assert.equal(await store.prompts.getVersion({ name, version: 1 }), undefined);
    await refuses("not_found", () => store.prompts.delete(name));
  },
  "are listed by name, searched and changed": async (store, room) => {
    await store.prompts.addVersion(room.aPromptVersion({ name: room.name("b") }));
    await store.prompts.addVersion(room.aPromptVersion({ name: room.name("a") }));
    const everything = room.only(EVERYTHING);
    const all = await readPages((page) => store.prompts.search({ ...everything, ...page }), 1);
    assert.deepEqual(
      all.map(({ name }) => name),
      [room.name("a"), room.name("b")],
    );
    const patch = { name: room.name("a"), tags: { team: "x" }, description: "d", updatedAt: LATER };
    const updated = await store.prompts.update(patch);
    assert.deepEqual(
      [updated.tags, updated.description, updated.updatedAt],
      [{ team: "x" }, "d", LATER],
    );
    const found = await store.prompts.search(
      room.only(where({ kind: "tag", key: "team" }, "=", "x")),
    );
    assert.deepEqual(found.items, [updated]);
    await refuses("not_found", () => store.prompts.update({ ...patch, name: room.name("none") }));
  },
});

/** Rules of {@link PromptStore}. */
export const promptRules: readonly ContractCase[] = [
  ...entityRules<PromptEntry>("prompts", {
    entity: ENTITIES.prompt,
    rest: (room, number) => ({
      name: room.name(`p${number}`),
      latestVersion: 1,
      tags: {},
      aliases: {},
    }),
    add: (store, { name, description, createdAt }) =>
      store.prompts.addVersion({ ...aPromptVersion({ name, createdAt }), description }),
    get: (store, { name }) => store.prompts.get(name),
    search: (store, room, query) => store.prompts.search(room.only(query)),
  }),
  ...ownRules,
];
