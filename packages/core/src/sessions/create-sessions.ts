import type { TraceOwnerQuery } from "@rivulet/store";
import type { Context } from "../context.ts";
import { toCountQuery, toStorePage } from "../query.ts";
import { notFound } from "../reference.ts";
import { parseInput } from "../validation.ts";
import {
  sessionIdSchema,
  traceOwnerSearchSchema,
  turnSearchSchema,
  userIdSchema,
} from "./session-input.ts";
import type { Sessions, TraceOwnerSearch, Users } from "./sessions.ts";

/** Sessions on the context's store. */
export function createSessions(context: Context): Sessions {
  const { store } = context;
  const find: Sessions["find"] = async (id) =>
    (await store()).sessions.get(parseInput(sessionIdSchema, id, "id"));

  return Object.freeze<Sessions>({
    find,
    get: async (id) => {
      const session = await find(id);
      if (session === undefined) throw notFound("session", id);
      return session;
    },
    search: async (query = {}) => (await store()).sessions.search(toOwnerQuery(context, query)),
    listTurns: async (query) => {
      const {
        sessionId,
        newestFirst = false,
        ...page
      } = parseInput(turnSearchSchema, query, "query");
      const { sessions } = await store();
      const turns = await sessions.listTurns({ sessionId, newestFirst, ...toStorePage(page) });
      if (turns.items.length > 0 || page.pageToken !== undefined) return turns;
      throw notFound("session", sessionId);
    },
  });
}

/** Users on the context's store. */
export function createUsers(context: Context): Users {
  const { store } = context;
  const find: Users["find"] = async (id) =>
    (await store()).users.get(parseInput(userIdSchema, id, "id"));

  return Object.freeze<Users>({
    find,
    get: async (id) => {
      const user = await find(id);
      if (user === undefined) throw notFound("user", id);
      return user;
    },
    search: async (query = {}) => (await store()).users.search(toOwnerQuery(context, query)),
  });
}

function toOwnerQuery(context: Context, query: TraceOwnerSearch): TraceOwnerQuery {
  const input = parseInput(traceOwnerSearchSchema, query, "query");
  const { experimentIds = [] } = input;
  return { ...toCountQuery(context, "trace", input), ...toStorePage(input), experimentIds };
}
