import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

/** Stands between a store and its server, and can come in their way. */
export interface Proxy {
  /** The server's URL, by way of the proxy. */
  readonly url: string;
  /** How often the server has said that it is ready for the next question. */
  roundTrips(): number;
  /** Breaks every connection. New ones are let through. */
  cut(): void;
  /** Breaks every connection and refuses new ones, until `restore()`. */
  close(): void;
  restore(): void;
  /**
   * Lets the COMMIT of the next transaction that sends this text reach the server, and breaks the connection
   * when it has answered. Resolves then.
   */
  cutAtCommit(text: string): Promise<void>;
  /** Lets nothing of what the server says through any more, on the next connection that sends this text. */
  silenceAt(text: string): void;
  /** Makes the server forget what was prepared on the connections there are, behind the store's back. Nothing may be under way. */
  forgetStatements(): void;
}

/** A transaction that is waited for. */
interface Awaited {
  readonly text: string;
  readonly done: () => void;
}

const DEALLOCATE = Buffer.from("Q\0\0\0\x13DEALLOCATE ALL\0", "latin1");
/** What the server answers to it: `CommandComplete` and `ReadyForQuery`, outside a transaction. */
const DEALLOCATED = Buffer.from("C\0\0\0\x13DEALLOCATE ALL\0Z\0\0\0\x05I", "latin1");

/** A proxy of the server at a URL, for one test. */
export async function startProxy(url: string): Promise<Proxy> {
  const target = new URL(url);
  const { hostname, port } = target;
  const state = {
    isClosed: false,
    roundTrips: 0,
    awaited: undefined as Awaited | undefined,
    silencedAt: undefined as string | undefined,
  };
  const sockets = new Set<Socket>();
  /** What makes the server of a connection forget. */
  const forgetting = new Set<() => void>();

  const server = createServer((client) => {
    if (state.isClosed) {
      client.destroy();
      return;
    }
    const database = connect(Number(port), hostname);
    let isSilent = false;
    const end = (): void => {
      for (const socket of [client, database]) {
        sockets.delete(socket);
        socket.destroy();
      }
    };
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on("error", end);
      // Who is silent does not say either that it has hung up.
      socket.on("close", () => (isSilent && socket === database ? undefined : end()));
    }
    const count = countReady();
    const { forget, asked } = forgetfulness(database);
    forgetting.add(forget);
    database.on("close", () => forgetting.delete(forget));
    let isAwaited = false;
    let isCommitting = false;
    client.on("data", (data) => {
      isAwaited ||= state.awaited !== undefined && data.includes(state.awaited.text);
      isCommitting ||= isAwaited && data.includes("COMMIT\0");
      if (state.silencedAt !== undefined && data.includes(state.silencedAt)) {
        isSilent = true;
        state.silencedAt = undefined;
      }
      database.write(data);
    });
    database.on("data", (received) => {
      const data = asked(received);
      state.roundTrips += count(data);
      if (isSilent) return;
      if (!isCommitting) {
        client.write(data);
        return;
      }
      end();
      state.awaited?.done();
      state.awaited = undefined;
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    for (const socket of [...sockets]) socket.destroy();
  };
  onTestFinished(() => {
    cut();
    server.close();
  });
  target.port = String((server.address() as AddressInfo).port);
  return {
    url: target.href,
    roundTrips: () => state.roundTrips,
    cut,
    close() {
      state.isClosed = true;
      cut();
    },
    restore() {
      state.isClosed = false;
    },
    cutAtCommit: (text) =>
      new Promise((done) => {
        state.awaited = { text, done };
      }),
    silenceAt(text) {
      state.silencedAt = text;
    },
    forgetStatements() {
      for (const forget of forgetting) forget();
    },
  };
}

/** Makes a server forget what was prepared, and takes its answer to that out of what it sends. */
function forgetfulness(database: Socket): {
  readonly forget: () => void;
  readonly asked: (received: Buffer) => Buffer;
} {
  let isForgetting = false;
  return {
    forget: () => {
      isForgetting = true;
      database.write(DEALLOCATE);
    },
    asked: (received) => {
      const at = isForgetting ? received.indexOf(DEALLOCATED) : -1;
      if (at < 0) return received;
      isForgetting = false;
      // Another answer, which the store waits for, may stand before it or behind.
      return Buffer.concat([received.subarray(0, at), received.subarray(at + DEALLOCATED.length)]);
    },
  };
}

/** Counts the messages `ReadyForQuery` in what a server sends. */
function countReady(): (data: Buffer) => number {
  let rest = Buffer.alloc(0);
  return (data) => {
    rest = Buffer.concat([rest, data]);
    let found = 0;
    let from = 0;
    // A letter, then a length that counts itself.
    while (rest.length >= from + 5) {
      const next = from + 1 + rest.readUInt32BE(from + 1);
      if (next > rest.length) break;
      if (rest[from] === "Z".charCodeAt(0)) found += 1;
      from = next;
    }
    rest = rest.subarray(from);
    return found;
  };
}
