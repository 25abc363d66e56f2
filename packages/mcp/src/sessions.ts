import type { WebStandardStreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";

/** The open MCP sessions of one mount: bounded, and ended when idle. */
export interface Sessions {
  full(): boolean;
  add(id: string, session: OpenSession): void;
  /** The caller's own session; another's is as absent as one that never was. */
  find(id: string, owner: string): WebStandardStreamableHTTPServerTransport | undefined;
  remove(id: string): void;
  close(): Promise<void>;
}

/** One session. */
export interface OpenSession {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  /** Id of the caller that opened it. */
  readonly owner: string;
}

interface SessionBounds {
  readonly maxSessions: number;
  readonly idleMs: number;
  readonly now: () => number;
}

/** The SDK's sessions never expire by themselves; here idle ones end every minute, and when a new one needs room. */
export function createSessions({ maxSessions, idleMs, now }: SessionBounds): Sessions {
  const open = new Map<string, OpenSession & { seen: number }>();
  const sweep = (): void => {
    for (const [id, { seen, transport }] of open) {
      if (now() - seen < idleMs) continue;
      open.delete(id);
      void transport.close();
    }
  };
  const timer = setInterval(sweep, Math.min(idleMs, 60_000)).unref();
  return {
    full() {
      if (open.size >= maxSessions) sweep();
      return open.size >= maxSessions;
    },
    add(id, session) {
      open.set(id, { ...session, seen: now() });
    },
    find(id, owner) {
      const session = open.get(id);
      if (session === undefined || session.owner !== owner) return undefined;
      session.seen = now();
      return session.transport;
    },
    remove(id) {
      open.delete(id);
    },
    async close() {
      clearInterval(timer);
      const transports = [...open.values()].map(({ transport }) => transport.close());
      open.clear();
      await Promise.all(transports);
    },
  };
}
