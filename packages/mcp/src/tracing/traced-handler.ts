import {
  type ActiveSpan,
  type ContinuedSpanOptions,
  failureEnd,
  type Rivulet,
} from "@rivulet/core";
import { endWithResult, fieldsOf } from "./call-result.ts";

/**
 * The handler of a tool of your own MCP server, traced: its span goes on with the trace of the caller, which comes in
 * `_meta`, and a result with `isError` is an error. A call that the caller takes back is cancelled. For both majors of the SDK.
 *
 * ```ts
 * server.registerTool("search", { inputSchema }, tracedHandler(rivulet, "search", async ({ q }) => find(q)));
 * ```
 *
 * @param name of the tool
 */
export function tracedHandler<Args extends unknown[], R>(
  rivulet: Rivulet,
  name: string,
  handler: (...args: Args) => R | Promise<R>,
): (...args: Args) => Promise<R> {
  return (...args) => {
    const start: ContinuedSpanOptions = {
      name,
      type: "tool",
      input: args.length > 1 ? args[0] : undefined,
      attributes: { "mcp.method.name": "tools/call" },
    };
    const work = async (span: ActiveSpan): Promise<R> => {
      try {
        const result = await handler(...args);
        endWithResult(span, result);
        return result;
      } catch (thrown) {
        span.end(failureEnd(thrown, signalOf(args.at(-1))));
        throw thrown;
      }
    };
    return rivulet.continueTrace(metaOf(args.at(-1)), start, work);
  };
}

/** The SDK gives it behind the arguments: directly, since its second major in `mcpReq`. */
function metaOf(context: unknown): object {
  const { _meta, mcpReq } = fieldsOf(context);
  return fieldsOf(_meta ?? fieldsOf(mcpReq)["_meta"]);
}

/** Aborted when the caller waits no longer; it stands where `_meta` does. */
function signalOf(context: unknown): AbortSignal | undefined {
  const { signal, mcpReq } = fieldsOf(context);
  const given = signal ?? fieldsOf(mcpReq)["signal"];
  return given instanceof AbortSignal ? given : undefined;
}
