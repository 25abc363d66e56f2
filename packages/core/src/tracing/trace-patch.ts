import type { StringMap } from "@rivulet/domain";
import { LIMITS } from "@rivulet/domain";
import type { TraceFacts } from "@rivulet/store";
import { asOptionalText, asText } from "./as-text.ts";
import { cutText } from "./fit-size.ts";

/** What is known of a trace with `patch` added: maps are merged, other fields replaced. */
export function mergeTrace(known: TraceFacts | undefined, patch: TraceFacts): TraceFacts {
  const { tags, metadata } = patch;
  return {
    ...known,
    ...cutNames(idsOf(patch)),
    ...(tags ? { tags: { ...known?.tags, ...cutTags(tags) } } : {}),
    ...(metadata === undefined ? {} : { metadata: { ...known?.metadata, ...metadata } }),
  };
}

const IDS = ["sessionId", "userId", "runId"] as const;

/** Only what is there, as text: a number would be stored as "42.0", and an object not at all. */
function idsOf(patch: TraceFacts): TraceFacts {
  const ids: Record<string, string> = {};
  for (const name of IDS) {
    const id = asOptionalText(patch[name]);
    if (id !== undefined) ids[name] = id;
  }
  return ids;
}

function cutTags(tags: StringMap): StringMap {
  const entries = Object.entries(tags).slice(0, LIMITS.batchTags);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      cutText(key, LIMITS.name),
      cutText(asText(value), LIMITS.tagValue),
    ]),
  );
}

/** Sessions and users are looked up by their ids: a database indexes no endless ones. */
function cutNames({ sessionId, userId, ...rest }: TraceFacts): TraceFacts {
  return {
    ...rest,
    ...(sessionId === undefined ? {} : { sessionId: cutText(String(sessionId), LIMITS.name) }),
    ...(userId === undefined ? {} : { userId: cutText(String(userId), LIMITS.name) }),
  };
}
