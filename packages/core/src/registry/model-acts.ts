import { MAX_PAGE_SIZE, type ModelChange } from "@rivulet/domain";
import type { ModelAct } from "@rivulet/store";
import type { Context } from "../context.ts";
import { createListeners } from "../listeners.ts";
import type { Act } from "../validation.ts";
import type { Models } from "./models.ts";

/** Who did what, and who is told. */
export interface ModelActs {
  /** Calls `work` with what the store notes of the call, then tells the listeners what it has changed. */
  perform<T>(act: Act, work: (act: ModelAct) => Promise<T>): Promise<T>;
  /** See {@link Models.subscribe}. */
  readonly subscribe: Models["subscribe"];
}

/** The calls of one client that change models. */
export function createModelActs({ store, now, ids, reportError }: Context): ModelActs {
  const { isEmpty, tell, subscribe } = createListeners<ModelChange>(reportError);
  return {
    subscribe,
    perform: async ({ userId, why }, work) => {
      const act = {
        ...(userId === undefined ? {} : { userId }),
        ...(why === undefined ? {} : { why }),
        updatedAt: now(),
      };
      if (isEmpty()) return work(act);
      const callId = ids.entity();
      const result = await work({ ...act, callId });
      const { models } = await store();
      const { items } = await models.history({ callId, limit: MAX_PAGE_SIZE });
      items.toReversed().forEach(tell);
      return result;
    },
  };
}
