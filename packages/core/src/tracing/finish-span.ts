import { LIMITS } from "@rivulet/domain";
import type { SpanWrite } from "@rivulet/store";
import { createEncoder, type JsonText, mergeObjects, NO_FIELDS } from "@rivulet/store";
import { fitToSize, isWithin } from "./fit-size.ts";
import type { SpanDraft } from "./span-draft.ts";
import type { SpanPolicy } from "./span-policy.ts";
import { costOf } from "./usage.ts";

/** Up to this many characters a span is within its limit, whatever its characters are. */
const SURELY_SMALL = LIMITS.spanBytes / 3;
/** What it takes was bounded before. */
const encode = createEncoder({ maskSecrets: false, maxNodes: Number.POSITIVE_INFINITY });

/**
 * The one way in: a span's record as it stands, for the journal. What is in the draft was masked when it came; here
 * it gets what follows from it (usage that no span below has, its cost, counts of what was left out), and is brought
 * within the limit of a span.
 */
export function finishSpan(draft: SpanDraft, policy: SpanPolicy): SpanWrite {
  const { record, lineage } = draft;
  const counted = lineage.usageBelow
    ? { usage: undefined, cost: undefined }
    : { usage: record.usage, cost: record.cost ?? listCost(draft, policy) };
  const span: SpanWrite = {
    ...record,
    ...counted,
    attributes: mergeObjects(draft.attributes, countsOf(draft)),
  };
  return isSmall(draft) ? span : { ...span, ...fitBodies(span) };
}

function listCost(
  { record: { model, usage } }: SpanDraft,
  { price }: SpanPolicy,
): number | undefined {
  if (model === undefined || usage === undefined) return undefined;
  const found = price(model);
  return found === undefined ? undefined : costOf(usage, found);
}

function countsOf({ dropped: { attributes, events, tags } }: SpanDraft): JsonText {
  if (attributes + events + tags === 0) return NO_FIELDS;
  const counts = {
    "rivulet.droppedAttributes": attributes,
    "rivulet.droppedEvents": events,
    "rivulet.droppedTags": tags,
  };
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  return encode(Object.fromEntries(some), "") ?? NO_FIELDS;
}

function isSmall({ record, held }: SpanDraft): boolean {
  return sizeOf(record.input) + sizeOf(record.output) + held <= SURELY_SMALL;
}

function sizeOf(body: SpanWrite["input"]): number {
  return (body as JsonText | undefined)?.size ?? 0;
}

type Bodies = Pick<SpanWrite, "input" | "output" | "attributes" | "events">;

/** The bodies that a span within its limit has: each is small enough by itself, but not all need be together. */
function fitBodies({ input, output, attributes, events }: SpanWrite): Partial<Bodies> {
  const whole = encode({ input, output, attributes, events }, "");
  if (whole === undefined || isWithin(whole, LIMITS.spanBytes)) return {};
  const fitted = fitToSize(whole.parse(), LIMITS.spanBytes);
  if (fitted?.keys !== undefined) return fitted.parse() as Partial<Bodies>;
  return {
    input: undefined,
    output: undefined,
    attributes: { "rivulet.leftOut": fitted?.parse() ?? null },
    events: [],
  };
}
