import assert from "node:assert/strict";
import type { View } from "@rivulet/domain";
import { BUILT_AT } from "./builders.ts";
import {
  attribute,
  type ContractCase,
  contractGroup,
  EVERYTHING,
  refuses,
} from "./contract-case.ts";
import type { Room } from "./room.ts";

/** A view of the room's experiment. */
export function aView(room: Room, number: number, fields: Partial<View> = {}): View {
  const experimentId = room.experimentId;
  const view = { id: room.id(number), name: `view ${number}`, page: "runs", query: "filter=a" };
  return { ...view, experimentId, createdAt: BUILT_AT, updatedAt: BUILT_AT, ...fields };
}

/** Rules of {@link ViewStore}. */
export const viewRules: readonly ContractCase[] = contractGroup("saved views", {
  "come out as they went in, are listed by name, change, and go": async (store, room) => {
    const [first, second] = [aView(room, 1, { name: "b" }), aView(room, 2, { name: "a" })];
    await store.views.create({ ...first, createdBy: "ann" });
    await store.views.create(second);
    assert.deepEqual(await store.views.get(first.id), { ...first, createdBy: "ann" });
    const own = {
      field: attribute("experimentId"),
      operator: "=",
      value: room.experimentId,
    } as const;
    const { items } = await store.views.search({ ...EVERYTHING, where: [own] });
    assert.deepEqual(
      items.map(({ name }) => name),
      ["a", "b"],
    );
    const patch = { id: second.id, query: "filter=b", updatedAt: BUILT_AT + 1 };
    const changed = await store.views.update({ ...patch, expected: BUILT_AT });
    assert.deepEqual(changed, { ...second, query: "filter=b", updatedAt: BUILT_AT + 1 });
    await refuses("conflict", () => store.views.update({ ...patch, expected: BUILT_AT }));
    await store.views.delete(second.id);
    assert.equal(await store.views.get(second.id), undefined);
    await refuses("not_found", () => store.views.delete(second.id));
    await refuses("not_found", () => store.views.update(patch));
  },
  "have a name that is unique for their page and experiment": async (store, room) => {
    const page = room.name("page");
    await store.views.create(aView(room, 1, { name: "mine", page }));
    await store.views.create(aView(room, 2, { name: "mine", page: room.name("other") }));
    await store.views.create(aView(room, 3, { name: "other", page }));
    const { experimentId: _, ...everywhere } = aView(room, 4, { name: "mine", page });
    await store.views.create(everywhere);
    await refuses("already_exists", () => store.views.create({ ...everywhere, id: room.id(5) }));
    await refuses("already_exists", () =>
      store.views.create(aView(room, 6, { name: "mine", page })),
    );
    await refuses("already_exists", () =>
      store.views.update({ id: room.id(3), name: "mine", updatedAt: BUILT_AT }),
    );
    assert.equal((await store.views.get(room.id(3)))?.name, "other");
  },
  "need their experiment": async (store, room) => {
    const experimentId = room.otherExperimentId(77);
    await refuses("not_found", () => store.views.create(aView(room, 1, { experimentId })));
  },
});
