import {
  optionsSchema,
  parseInput,
  type Rivulet,
  SEARCHED_GROUPS,
  type SearchedGroup,
} from "@rivulet/core";
import { toJsonSchema } from "../json-schema.ts";
import { joinedTool, type McpTool } from "../tool.ts";

/** What {@link describeStore} tells: of each kind the first ten, as its searches give them. */
export interface Overview extends Readonly<Record<SearchedGroup, readonly string[]>> {
  readonly store: string;
  readonly dropped: number;
}

/** The first of everything, for a first look. */
export async function describeStore(rivulet: Rivulet): Promise<Overview> {
  const { store, journal } = await rivulet.stats();
  const lists = SEARCHED_GROUPS.map(async (group) => {
    const { items } = await rivulet[group].search({ limit: 10 });
    return [group, items.map(describe)];
  });
  const groups: Record<SearchedGroup, readonly string[]> = Object.fromEntries(
    await Promise.all(lists),
  );
  return {
    ...groups,
    store: store.driver,
    dropped: journal.dropped,
  };
}

/** What it is asked for by, and how it stands. */
function describe(item: {
  readonly id?: string;
  readonly name?: string;
  readonly status?: string;
}): string {
  return [item.id, item.name, item.status].filter((part) => part !== undefined).join(" ");
}

const nothing = optionsSchema({});

const getOverview = joinedTool({
  name: "get_overview",
  title: "Overview of the store",
  operations: [],
  description:
    "What is in the store: the first ten of each kind, with id and status where it has them. Start here. dropped: spans lost because a bound was reached.",
  inputSchema: () => toJsonSchema(nothing),
  call: async (rivulet, given) => {
    parseInput(nothing, given, "arguments");
    return describeStore(rivulet);
  },
});

/** Tools over the store as a whole. */
export const overviewTools: readonly McpTool[] = [getOverview];
