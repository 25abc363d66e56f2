import type { Page, PageQuery, Session, SessionTurn, User } from "@rivulet/domain";

/** Sessions: conversations, each made of the traces that the app gave the same `sessionId`. */
export interface Sessions {
  /** One session with the totals of all its traces. @throws RivuletError `not_found` */
  get(id: string): Promise<Session>;
  /** The session; `undefined` when no trace belongs to it. */
  find(id: string): Promise<Session | undefined>;
  /**
   * Sessions with a trace that matches, the one with the latest match first.
   *
   * @throws RivuletError `invalid_argument` for a bad filter
   */
  search(query?: TraceOwnerSearch): Promise<Page<Session>>;
  /**
   * The conversation: each trace with input and output of its root, oldest first.
   *
   * @throws RivuletError `not_found`
   */
  listTurns(query: TurnSearch): Promise<Page<SessionTurn>>;
}

/** Users: each stands for the traces that the app gave the same `userId`. */
export interface Users {
  /** One user with the totals of all their traces. @throws RivuletError `not_found` */
  get(id: string): Promise<User>;
  /** The user; `undefined` when no trace belongs to them. */
  find(id: string): Promise<User | undefined>;
  /**
   * Users with a trace that matches, the one with the latest match first.
   *
   * @throws RivuletError `invalid_argument` for a bad filter
   */
  search(query?: TraceOwnerSearch): Promise<Page<User>>;
}

/** Which sessions or users to find. */
export interface TraceOwnerSearch extends PageQuery {
  /** A condition on traces, as in `traces.search` but without RLIKE and MATCH. @default all that have traces */
  readonly filter?: string;
  /** Experiments whose traces count, in the search and in the totals. @default all */
  readonly experimentIds?: readonly string[];
}

/** Which turns to list. */
export interface TurnSearch extends PageQuery {
  /** Id of the session. */
  readonly sessionId: string;
  /** Begins at the end of the conversation. @default false */
  readonly newestFirst?: boolean;
}
