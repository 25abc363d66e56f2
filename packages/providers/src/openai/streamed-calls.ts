import { type Fields, fieldOf, fieldsOf, textOf, withoutNothing } from "../calls/read-value.ts";
import { joinList, joinText, ownList, putItem } from "../calls/stream-parts.ts";

/** The calls of tools that a stream brings in pieces. */
export interface StreamedCalls {
  /** The calls so far. */
  readonly all: readonly Fields[];
  /** Takes the next piece. */
  add(piece: Fields): void;
}

/** Collects the calls of a choice. */
export function streamedCalls(): StreamedCalls {
  const all = ownList([]) as Record<string, unknown>[];
  const byIndex = new Map<unknown, Record<string, unknown>>();
  return {
    all,
    add(piece) {
      const { index, ...fields } = withoutNothing(piece);
      let call = index === undefined ? all.at(-1) : byIndex.get(index);
      if (call === undefined || startsNext(call, piece)) {
        call = putItem(byIndex, index, { type: "function" });
        joinList(all, [call]);
      }
      addPiece(call, fields);
    },
  };
}

/**
 * Whether a piece begins another call than the one that it would go on with. Not every server numbers its calls: Gemini
 * gives all of them the same index, others none. A name is told at the start of a call; an id alone says nothing,
 * because some servers make up another one for each piece.
 */
function startsNext(call: Fields, piece: Fields): boolean {
  const id = textOf(piece["id"]);
  const isNamed = nameOf(piece) !== undefined && nameOf(call) !== undefined;
  if (!isNamed || (id !== undefined && id === call["id"])) return false;
  return id !== undefined || piece["index"] === undefined;
}

function nameOf(call: Fields): string | undefined {
  return textOf(fieldOf(call["function"] ?? call["custom"], "name"));
}

function addPiece(call: Record<string, unknown>, fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    if (name === "function" || name === "custom")
      call[name] = joinFields(fieldsOf(call[name]), fieldsOf(value));
    else if (value !== "" || call[name] === undefined) call[name] = value;
  }
}

/** What is told once, and not in pieces. */
const ONCE: ReadonlySet<string> = new Set(["id", "name", "type", "format", "signature"]);

/** Texts go on; what is told once, or is no text, is replaced. */
export function joinFields(known: Fields, delta: Fields): Fields {
  const result: Record<string, unknown> = { ...known };
  for (const [name, value] of Object.entries(withoutNothing(delta))) {
    if (typeof value === "string" && !ONCE.has(name)) result[name] = joinText(result[name], value);
    else if (value !== "" || result[name] === undefined) result[name] = value;
  }
  return result;
}

/** Items of a list that come in pieces: a piece of the same kind and number goes on with the last item. */
export function joinItems(known: readonly unknown[], given: readonly unknown[]): unknown[] {
  const items = ownList(known);
  for (const piece of given) {
    const last = items.at(-1);
    const isNext =
      fieldOf(piece, "index") !== undefined &&
      fieldOf(piece, "index") === fieldOf(last, "index") &&
      fieldOf(piece, "type") === fieldOf(last, "type");
    if (isNext) items[items.length - 1] = joinFields(fieldsOf(last), fieldsOf(piece));
    else joinList(items, [piece]);
  }
  return items;
}
