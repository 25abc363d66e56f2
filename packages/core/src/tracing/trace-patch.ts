import type { StringMap } from "@rivulet/domain";
import { LIMITS } from "@rivulet/domain";
import type { TraceFacts } from "@rivulet/store";
import { cutText } from "./fit-size.ts";

/** What is known of a trace with `patch` added: maps are merged, other fields replaced. */
export function mergeTrace(known: TraceFacts | undefined, patch: TraceFacts): TraceFacts {
  const { tags, metadata, ...fields } = patch;
  return {
    ...known,
    ...cutNames(fields),
    ...(tags === undefined ? {} : { tags: { ...known?.tags, ...cutTags(tags) } }),
    ...(metadata === undefined ? {} : { metadata: { ...known?.metadata, ...metadata } }),
  };
}

function cutTags(tags: StringMap): StringMap {
  const entries = Object.entries(tags).slice(0, LIMITS.batchTags);
  return Object.fromEntries(
    entries.map(([key, value]) => [
      cutText(key, LIMITS.name),
      cutText(String(value), LIMITS.tagValue),
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
