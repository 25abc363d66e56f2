import type { Session, SessionTurn, User } from "@rivulet/core";
import { ask, askPages, type PagedQuestion, type Question } from "../api/query-client.ts";
import type { ListQuery } from "./list-query.ts";

/** Sessions by their traces, the latest first. */
export function askSessions({ filter, experimentIds, limit }: ListQuery): PagedQuestion<Session> {
  return askPages({ subject: "trace" }, "sessions.search", { filter, experimentIds, limit });
}

export function askSession(id: string): Question<Session> {
  return ask({ subject: "trace" }, "sessions.get", id);
}

/** The conversation. Its turns may be long: few are asked for at once. */
export function askTurns(sessionId: string, newestFirst = false): PagedQuestion<SessionTurn> {
  const query = { sessionId, newestFirst, limit: 25 };
  return askPages({ subject: "trace" }, "sessions.listTurns", query);
}

/** Users by their traces, the latest first. */
export function askUsers({ filter, experimentIds, limit }: ListQuery): PagedQuestion<User> {
  return askPages({ subject: "trace" }, "users.search", { filter, experimentIds, limit });
}

export function askUser(id: string): Question<User> {
  return ask({ subject: "trace" }, "users.get", id);
}
