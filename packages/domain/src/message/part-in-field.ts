import type { FieldReader } from "./field-reader.ts";
import type { MessagePart } from "./message.ts";
import type { PartReader, ReadContent } from "./part-reader.ts";

/** What stands in a field of the part; what stands beside it, such as a signature, belongs to it. */
export function inside(
  field: string,
  readBody: (from: FieldReader, read: ReadContent) => MessagePart,
): PartReader {
  return (from, read) => {
    const body = from.object(field);
    if (body === undefined) return undefined;
    const part = readBody(body, read);
    // What the body has left is in the part already.
    const { [field]: _, ...beside } = from.rest() ?? {};
    if (Object.keys(beside).length === 0 || part.type === "data") return part;
    const { extra = {} } = part;
    if (Object.keys(beside).some((name) => Object.hasOwn(extra, name))) return undefined;
    return { ...part, extra: { ...beside, ...extra } };
  };
}
