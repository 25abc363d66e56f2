import type { ClientArtifactInput } from "./client.ts";
import { readGiven, unfit } from "./read-given.ts";

/** What is sent as the body of a request. */
export interface FileBody {
  /** What `fetch` sends byte for byte. */
  readonly body: string | Blob | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
  /** What the content itself has failed with, which is not that nobody answers. */
  readonly failure: () => { readonly cause: unknown } | undefined;
  /** To be called when nothing more is sent: Node's `fetch` goes on to read what has no end. */
  readonly end: () => void;
}

const FIELD = "artifact.content";

/**
 * The content of a file as `fetch` takes it: what it would take for something else (shared memory), for nothing (a buffer
 * that was transferred) or for a server that does not answer (a stream that is read already) is copied or refused.
 *
 * @throws RivuletError `invalid_argument`
 */
export function fileBody(content: ClientArtifactInput["content"]): FileBody {
  return readGiven(() => bodyOf(content));
}

function bodyOf(content: unknown): FileBody {
  if (typeof content === "string") return whole(wellFormed(content));
  if (content instanceof Blob) return whole(content);
  const bytes = bytesOf(content);
  if (bytes !== undefined) return whole(bytes);
  const iterator = iteratorOf(content);
  if (iterator === undefined)
    throw unfit(FIELD, "must be text or bytes, such as JSON.stringify(value)");
  return streamed(iterator);
}

function whole(body: FileBody["body"]): FileBody {
  return { body, failure: () => undefined, end: () => undefined };
}

function wellFormed(text: string): string {
  if (text.isWellFormed()) return text;
  throw unfit(FIELD, "contains a lone surrogate, which UTF-8 cannot represent");
}

/** The bytes of a buffer or a view; `undefined` for anything else. */
function bytesOf(content: unknown): Uint8Array<ArrayBuffer> | undefined {
  const isView = ArrayBuffer.isView(content);
  if (!isView && !isBuffer(content)) return undefined;
  const { buffer, byteOffset, byteLength } = isView
    ? content
    : viewOf(() => new Uint8Array(content));
  const bytes = viewOf(() => {
    // Most methods refuse what is out of bounds, which otherwise looks like no bytes.
    if (isView && byteLength === 0 && "keys" in content) (content as Uint8Array).keys();
    return new Uint8Array(buffer, byteOffset, byteLength);
  });
  // `fetch` would make text of shared memory.
  return isShared(buffer) ? Uint8Array.from(bytes) : (bytes as Uint8Array<ArrayBuffer>);
}

function viewOf(view: () => Uint8Array): Uint8Array {
  try {
    return view();
  } catch {
    throw unfit(FIELD, "is of a buffer that was transferred or has shrunk");
  }
}

function isBuffer(content: unknown): content is ArrayBufferLike {
  return content instanceof ArrayBuffer || isShared(content);
}

/** By its tag: pages that are not isolated do not know the class. */
function isShared(content: unknown): boolean {
  return Object.prototype.toString.call(content) === "[object SharedArrayBuffer]";
}

/** What gives the parts of a stream or of an asynchronous iterable. */
function iteratorOf(content: unknown): Iterator | undefined {
  if (content instanceof ReadableStream) return readerOf(content);
  if (typeof content !== "object" || content === null) return undefined;
  if (!(Symbol.asyncIterator in content)) return undefined;
  if ("readableDidRead" in content && content.readableDidRead === true) throw wasRead();
  const iterator = (content as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  return { next: () => iterator.next(), end: async () => iterator.return?.() };
}

interface Iterator {
  readonly next: () => Promise<{ readonly done?: boolean | undefined; readonly value?: unknown }>;
  readonly end: (reason: unknown) => Promise<unknown>;
}

function readerOf(stream: ReadableStream<unknown>): Iterator {
  let asked: Request;
  try {
    // Only a request sees whether something was read already.
    asked = new Request("http://localhost", {
      method: "PUT",
      body: stream,
      ...HALF,
    } as RequestInit);
  } catch {
    throw wasRead();
  }
  if (asked.headers.has("content-type"))
    throw unfit(FIELD, "is a stream, which this browser cannot send: pass a Blob");
  const reader = stream.getReader();
  return { next: () => reader.read(), end: (reason) => reader.cancel(reason) };
}

function wasRead(): Error {
  return unfit(FIELD, "is a stream that is being read, or was read before");
}

/** What `fetch` asks for where the body is a stream. */
export const HALF: { readonly duplex: "half" } = { duplex: "half" };

function streamed({ next, end }: Iterator): FileBody {
  let failure: { readonly cause: unknown } | undefined;
  let isOver = false;
  const stop = async (reason?: unknown): Promise<void> => {
    if (isOver) return;
    isOver = true;
    await end(reason);
  };
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = isOver ? { done: true, value: undefined } : await next();
          isOver ||= done === true;
          if (isOver) controller.close();
          else controller.enqueue(partOf(value));
        } catch (cause) {
          failure = { cause };
          controller.error(cause);
          await stop(cause).catch(() => undefined);
        }
      },
      cancel: stop,
    },
    { highWaterMark: 0 },
  );
  return { body, failure: () => failure, end: () => void stop().catch(() => undefined) };
}

function partOf(part: unknown): Uint8Array {
  if (typeof part === "string") return new TextEncoder().encode(wellFormed(part));
  const bytes = bytesOf(part);
  if (bytes === undefined) throw unfit(FIELD, "is a stream of something other than bytes or text");
  return bytes;
}
