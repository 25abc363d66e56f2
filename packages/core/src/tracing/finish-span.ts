import { LIMITS } from "@rivulet/domain";
import type { SpanWrite } from "@rivulet/store";
import { createEncoder, type JsonText, mergeObjects, NO_FIELDS } from "@rivulet/store";
import { fitToSize, isWithin } from "./fit-size.ts";
import type { SpanDraft } from "./span-draft.ts";
import type { SpanPolicy } from "./span-policy.ts";
import { costOf } from "./usage.ts";

/** A span of at most this many characters is within the limit in any encoding. */
const SURELY_SMALL = LIMITS.spanBytes / 3;
/** What it encodes is already masked and bounded. */
const encode = createEncoder({ maskSecrets: false, maxNodes: Number.POSITIVE_INFINITY });

/**
 * The only way into the journal: turns a draft into the span's record. The draft's values were masked as they arrived;
 * what follows from them is added here (usage, unless a span below has it, its cost, and counts of what was dropped),
 * and the record is cut to the size limit of a span.
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

/** The bodies, cut to the limit together: each fits by itself, but all of them may not. */
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
