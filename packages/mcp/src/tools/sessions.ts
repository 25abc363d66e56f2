import { type JsonValue, jsonText, type Page, type Session, type SessionTurn } from "@rivulet/core";
import { toJsonSchema } from "../json-schema.ts";
import { shorten } from "../shorten.ts";
import { pageTool } from "../table.ts";
import { joinedTool, type McpTool, operationOf, run } from "../tool.ts";

/** Most characters of a preview in a table. */
const PREVIEW = 120;
/** Turns of one answer, unless more are asked for. */
const TURNS = 20;
/** About how many characters a conversation may have. */
const MOST_CHARACTERS = 20_000;

const searchSessions = pageTool<Session>({
  name: "search_sessions",
  title: "Search sessions",
  operation: "sessions.search",
  description:
    "Conversations (traces with the same sessionId), the latest first, with totals. The filter is one on traces. Read one with get_session.",
  shown: [
    "id",
    "userId",
    "lastTraceTime",
    "traceCount",
    "errorCount",
    "totalTokens",
    "cost",
    "input",
    "output",
  ],
  extra: {
    totalTokens: ({ usage }) => usage.totalTokens,
    input: ({ inputPreview }) => inputPreview?.slice(0, PREVIEW),
    output: ({ outputPreview }) => outputPreview?.slice(0, PREVIEW),
  },
});

const getSession = joinedTool({
  name: "get_session",
  title: "Get a session",
  operations: ["sessions.get", "sessions.listTurns"],
  description:
    "A session's totals and its conversation, oldest first: traces with input, output and feedback. Long texts are cut.",
  inputSchema: () => {
    const schema = toJsonSchema(operationOf("sessions.get").input);
    const { properties: ofTurns = {} } = toJsonSchema(operationOf("sessions.listTurns").input);
    const { sessionId: _, ...page } = ofTurns;
    return { ...schema, properties: { ...schema.properties, ...page } };
  },
  call: async (rivulet, { limit = TURNS, pageToken, ...given }) => {
    const session = await run<Session>(rivulet, "sessions.get", given);
    const query = {
      sessionId: session.id,
      limit,
      ...(pageToken === undefined ? {} : { pageToken }),
    };
    const page = await run<Page<SessionTurn>>(rivulet, "sessions.listTurns", query);
    const { items, ...place } = page;
    const turns = items.map(({ trace: { id, name, status, startTime, durationMs }, ...turn }) => ({
      trace: { id, name, status, startTime, durationMs },
      ...turn,
    }));
    const shown = JSON.parse(jsonText(turns)) as JsonValue;
    const { value, truncated } = shorten(shown, MOST_CHARACTERS);
    return { session, turns: value, truncated, ...place };
  },
});

/** Tools over sessions. */
export const sessionTools: readonly McpTool[] = [searchSessions, getSession];
