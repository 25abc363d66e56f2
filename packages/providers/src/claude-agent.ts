import { type Rivulet, RivuletError } from "@rivulet/core";
import { defaultRivulet } from "./calls/default-client.ts";
import { fieldsOf } from "./calls/read-value.ts";
import { followMessages } from "./claude-agent/follow-messages.ts";
import { RecordedRun } from "./claude-agent/recorded-run.ts";

/**
 * Records the runs of the Claude Agent SDK: `const query = traceClaudeAgent(sdk.query)`. Each call of the function that
 * comes back is a span of type `agent`, with the calls of the model and the tools below it, those of subagents below the
 * tool that started them. Tools of the app's own that run in this process have the run as their active span.
 *
 * The function takes and returns what `query` does. It asks the SDK for partial messages, which alone tell all output
 * tokens and when the first of them came, and keeps them from the app unless that asks for them as well.
 *
 * @param query `query` of `@anthropic-ai/claude-agent-sdk`
 * @param rivulet The client that records it. @default one client per process, made from `RIVULET_STORE`
 * @throws {RivuletError} `invalid_argument` when there is no function
 */
export function traceClaudeAgent<P extends object, Q extends object>(
  query: (params: P) => Q,
  rivulet?: Rivulet,
): (params: P) => Q {
  if (typeof query !== "function") {
    const message = "traceClaudeAgent takes the function query of @anthropic-ai/claude-agent-sdk.";
    throw new RivuletError("invalid_argument", message);
  }
  return (params) => {
    const recorder = rivulet ?? defaultRivulet();
    const run = RecordedRun.start(recorder, params);
    if (run === undefined) return query(params);
    const { includePartialMessages } = fieldsOf(fieldsOf(params)["options"]);
    try {
      const messages = recorder.runInSpan(run.span, () => query(withPartialMessages(params)));
      followMessages(messages, run, { hidePartial: includePartialMessages !== true });
      return messages;
    } catch (error) {
      run.end({ error });
      throw error;
    }
  };
}

function withPartialMessages<P extends object>(params: P): P {
  const options = { ...fieldsOf(fieldsOf(params)["options"]), includePartialMessages: true };
  return { ...params, options };
}
