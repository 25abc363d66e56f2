import type { Page, Session, SessionTurn, User } from "@rivulet/domain";
import { type Operations, read, search } from "./operation.ts";
import type { StoreQuery } from "./query.ts";

/** Selects sessions or users by their traces. */
export interface TraceOwnerQuery extends Omit<StoreQuery, "order"> {
  /** Experiments whose traces count; empty for all. */
  readonly experimentIds: readonly string[];
}

/** Selects turns of a session. */
export interface TurnQuery {
  /** The session. */
  readonly sessionId: string;
  /** Begins at the end of the conversation. @default false */
  readonly newestFirst?: boolean;
  /** Turns per page. */
  readonly limit: number;
  /** `nextPageToken` of the previous page. @default the first page */
  readonly pageToken?: string;
}

/** Sessions: what traces with the same `sessionId` have in common. There is nothing to write. */
export interface SessionStore {
  /** One session, of all experiments; `undefined` when no trace belongs to it. */
  get(id: string): Promise<Session | undefined>;
  /**
   * Sessions with a trace that matches, by their latest match, newest first. Totals are of all their traces in the
   * experiments.
   *
   * @throws RivuletError `invalid_argument` for a filter with RLIKE or MATCH
   */
  search(query: TraceOwnerQuery): Promise<Page<Session>>;
  /** The traces of a session with input and output of their roots, oldest first unless the query says otherwise. */
  listTurns(query: TurnQuery): Promise<Page<SessionTurn>>;
}

/** Users: what traces with the same `userId` have in common. There is nothing to write. */
export interface UserStore {
  /** One user, of all experiments; `undefined` when no trace belongs to it. */
  get(id: string): Promise<User | undefined>;
  /**
   * Users with a trace that matches, by their latest match, newest first. Totals are of all their traces in the
   * experiments.
   *
   * @throws RivuletError `invalid_argument` for a filter with RLIKE or MATCH
   */
  search(query: TraceOwnerQuery): Promise<Page<User>>;
}

/** Access of each operation. */
export const sessionOperations: Operations<SessionStore> = {
  get: search,
  search,
  listTurns: read,
};

/** Access of each operation. */
export const userOperations: Operations<UserStore> = { get: search, search };
