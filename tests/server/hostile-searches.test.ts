import { RivuletError } from "@rivulet/core";
import { expect, onTestFinished, test } from "vitest";
import { aClient, STORES, type StoreKind } from "../core/client.ts";
import { connect } from "../mcp/connect.ts";
import { apiOf } from "./api-client.ts";

/** Names of the runs that are found, or the code of the error. */
type Door = (filter: string) => Promise<unknown>;

/** A store with runs that patterns have a hard time with, and every door to its search. */
async function doorsTo(kind: StoreKind): Promise<Readonly<Record<string, Door>>> {
  const { rivulet } = await aClient(kind);
  const { call, handler } = apiOf(rivulet);
  onTestFinished(handler.close);
  for (const [name, note] of [
    ["a", `${"a".repeat(7_000)}!`],
    ["b", "b"],
  ] as const) {
    await (await rivulet.runs.start({ name, tags: { note } })).finish();
  }
  const mcp = await connect(rivulet);
  const namesIn = (items: readonly { readonly name: string }[]): string =>
    items
      .map(({ name }) => name)
      .sort()
      .join("");
  return {
    client: async (filter) => {
      try {
        return namesIn((await rivulet.runs.search({ filter })).items);
      } catch (error) {
        return error instanceof RivuletError ? error.code : error;
      }
    },
    http: async (filter) => {
      const { status, body } = await call(`GET /runs?filter=${encodeURIComponent(filter)}`);
      const { items, error } = body as {
        items?: readonly { readonly name: string }[];
        error?: { readonly code: string };
      };
      return status === 200 ? namesIn(items ?? []) : error?.code;
    },
    mcp: async (filter) => {
      const result = await mcp.callTool({ name: "search_runs", arguments: { filter } });
      const [{ text = "" } = {}] = result.content as { readonly text?: string }[];
      if (result.isError === true) return text.split(":")[0];
      const { columns, rows } = JSON.parse(text) as { columns: string[]; rows: string[][] };
      const place = columns.indexOf("name");
      return namesIn(rows.map((row) => ({ name: row[place] ?? "" })));
    },
  };
}

const REFUSED = "invalid_argument";
const repeated = (part: string, count: number, joint: string): string =>
  Array.from({ length: count }, () => part).join(joint);

const SEARCHES: readonly (readonly [name: string, filter: string, outcome: string])[] = [
  ["nested repetition", "tags.note RLIKE '(a+)+$'", ""],
  ["nested repetition that is there", "tags.note RLIKE '^(a+)+!$'", "a"],
  ["alternatives of the same", "tags.note RLIKE '(a|a)*b'", "b"],
  ["a chain of anything", "tags.note RLIKE '.*.*.*.*.*.*x'", ""],
  ["counted repetition", "tags.note RLIKE '(a{1,100}){1,10}x'", ""],
  ["a chain of wildcards", `tags.note LIKE '${repeated("%a", 40, "")}%x'`, ""],
  ["a chain of wildcards in any case", `tags.note ILIKE '${repeated("%A", 40, "")}%!'`, "a"],
  ["an expression of 256 characters", `tags.note RLIKE '${"a".repeat(256)}'`, "a"],
  ["an expression of 257 characters", `tags.note RLIKE '${"a".repeat(257)}'`, REFUSED],
  ["what is no expression", "name RLIKE '(a'", REFUSED],
  ["an expression that looks back", "name RLIKE '(a)\\1'", REFUSED],
  ["an expression that looks ahead", "name RLIKE '(?=a)'", REFUSED],
  ["a repetition that explodes", "name RLIKE '((a{1000}){1000}){1000}'", REFUSED],
  ["a filter of 4,096 characters", `name = 'a' OR name = '${"x".repeat(4_096 - 23)}'`, "a"],
  ["a filter of 4,097 characters", `name = 'a' OR name = '${"x".repeat(4_097 - 23)}'`, REFUSED],
  ["50 terms", repeated("name = 'a'", 50, " OR "), "a"],
  ["50 terms on tags", repeated("tags.note LIKE 'b%'", 50, " AND "), "b"],
  ["51 terms", repeated("name = 'a'", 51, " OR "), REFUSED],
  ["32 levels", `${"(".repeat(32)}name = 'a'${")".repeat(32)}`, "a"],
  ["31 times not", `${"NOT ".repeat(31)}name = 'a'`, "b"],
  ["100 levels", `${"(".repeat(100)}name = 'a'${")".repeat(100)}`, REFUSED],
  ["100 times not", `${"NOT ".repeat(100)}name = 'a'`, REFUSED],
  ["a list of 600", `name IN (${repeated("'a'", 600, ",")})`, "a"],
];

test.each(STORES)("hostile searches end soon and alike at every door: %s", async (kind) => {
  const doors = await doorsTo(kind);
  for (const [name, filter, outcome] of SEARCHES) {
    for (const [door, find] of Object.entries(doors)) {
      expect(await find(filter), `${name}, ${door}`).toEqual(outcome);
    }
  }
});
