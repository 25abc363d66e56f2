import type { View } from "@rivulet/domain";
import type { Context } from "../context.ts";
import { searchSchema, toStoreQuery } from "../query.ts";
import { notFound } from "../reference.ts";
import { idSchema, parseInput } from "../validation.ts";
import { createViewSchema, viewUpdateSchema } from "./view-input.ts";
import type { Views } from "./views.ts";

/** Saved views on the context's store. */
export function createViews(context: Context): Views {
  const { store, now, ids } = context;
  return Object.freeze<Views>({
    create: async (options) => {
      const input = parseInput(createViewSchema, options, "view");
      const time = now();
      const view: View = { ...input, id: ids.entity(), createdAt: time, updatedAt: time };
      await (await store()).views.create(view);
      return view;
    },
    get: async (id) => {
      const view = await (await store()).views.get(parseInput(idSchema, id, "id"));
      if (view === undefined) throw notFound("view", id);
      return view;
    },
    search: async (query = {}) => {
      const input = parseInput(searchSchema, query, "query");
      return (await store()).views.search(toStoreQuery(context, "view", input));
    },
    update: async (id, patch) => {
      const input = parseInput(viewUpdateSchema, patch, "view");
      const key = parseInput(idSchema, id, "id");
      return (await store()).views.update({ ...input, id: key, updatedAt: now() });
    },
    delete: async (id) => {
      const key = parseInput(idSchema, id, "id");
      await (await store()).views.delete(key);
    },
  });
}
