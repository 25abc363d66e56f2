import type { ErrorCode } from "@rivulet/core";
import type { AccessLevel } from "../access/access-level.ts";
import type { Call, Method } from "../router.ts";

/** More endpoints under the mount, behind the same gates: MCP, or the wire protocol of another product. */
export interface HandlerExtension {
  /** Names it in messages, such as `mlflow`. */
  readonly name: string;
  /** Its endpoints. One that is there already is refused when the handler is made. */
  readonly routes: readonly ExtensionRoute[];
  /**
   * Paths, such as `/api/2.0/mlflow`, that belong to this protocol with everything below them: even errors of paths
   * without a route have its shape. @default []
   */
  readonly prefixes?: readonly string[];
  /**
   * An error as the protocol's clients expect it, whether a route threw it or a gate refused the request: a
   * value that is sent as JSON, or a whole `Response` where the protocol has another type or status. Headers
   * that belong to the error (`Allow`, `WWW-Authenticate`, `Retry-After`) are added.
   * @default `{ error: { code, message, details? } }`
   */
  errorBody?(error: ExtensionError, request: Request): unknown;
  /** Called when the handler is closed. */
  close?(): Promise<void>;
}

/** An error as it is reported to the client. */
export interface ExtensionError {
  /** HTTP status, such as 404. */
  readonly status: number;
  /** One of Rivulet's error codes. */
  readonly code: ErrorCode;
  /** One sentence, without internal details. */
  readonly message: string;
  /** What the message is about, such as `{ field: "path.id" }`; often empty. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** One endpoint of an extension. `body` says how `call.body` comes. */
export type ExtensionRoute = JsonRoute | BytesRoute | StreamRoute;

interface RouteFacts {
  /** `ANY` leaves the method to the route. A `GET` route answers `HEAD` too. */
  readonly method: Method | "ANY";
  /**
   * Inside the mount, such as `/api/2.0/mlflow/runs/get`. `:name` is one segment, `/**:name` at the end is one
   * segment or more. With a slash at its end it is the same path.
   */
  readonly path: string;
  /** What a caller needs to get in. */
  readonly access: AccessLevel;
  /** Most bytes of the body, after decompression. @default the handler's `maxBodyBytes` */
  readonly maxBytes?: number;
  /** Media types that are taken, such as `application/x-protobuf`; others get 415. @default see `body` */
  readonly contentTypes?: readonly string[];
}

/** Takes JSON: at most 64 levels, nothing is an empty object. Without `contentTypes` only `application/json`. */
export interface JsonRoute extends RouteFacts {
  /** `call.body` holds the parsed JSON. */
  readonly body: "json";
  /** Answers a request. What it throws becomes an error response. */
  handle(call: ExtensionCall<unknown>): Promise<Response> | Response;
}

/** Takes the whole body as it was sent, inflated. Without `contentTypes` of any type. */
export interface BytesRoute extends RouteFacts {
  /** `call.body` holds the bytes. */
  readonly body: "bytes";
  /**
   * Every byte counts. JSON that a parser of the host app has read before, and that was written again from what
   * it parsed, is refused; `false` takes it. @default true
   */
  readonly exact?: boolean;
  /** Answers a request. What it throws becomes an error response. */
  handle(call: ExtensionCall<Uint8Array>): Promise<Response> | Response;
}

/** Reads `call.request` itself, inflated and bounded; the default. Without `contentTypes` of any type. */
export interface StreamRoute extends RouteFacts {
  /** `call.body` is `undefined`: the route reads `call.request`. @default 'stream' */
  readonly body?: "stream";
  /** Answers a request. What it throws becomes an error response. */
  handle(call: ExtensionCall<undefined>): Promise<Response> | Response;
}

/** A request that has passed the gates, with its body. */
export interface ExtensionCall<Body> extends Call {
  /** The body, in the form that the route's `body` asks for. */
  readonly body: Body;
}
