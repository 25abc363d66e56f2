import type { ActiveSpan } from "@rivulet/core";
import { compact, type Fields, fieldOf, fieldsOf, listOf, parsedOf, textOf } from "./read-value.ts";
import type { SdkEvent } from "./sdk-event.ts";

/** What the answer of a call must look like. */
export interface ResponseFormat {
  /** The SDK's name of it: `object`, `array`, `choice`, `json`; `undefined` for text. */
  readonly kind: string | undefined;
  /** The schema with its name, or a promise of it. */
  readonly given: unknown;
}

const TEXT: ResponseFormat = Object.freeze({ kind: undefined, given: undefined });

/** The format of a call by its start event: of the object functions, or of `Output.object` and the like. */
export function readResponseFormat(event: SdkEvent): ResponseFormat {
  const { output, schema, schemaName: name, schemaDescription: description } = event;
  if (schema !== undefined) {
    const given = compact<Fields>({ type: "json", schema, name, description });
    return { kind: "object", given };
  }
  const kind = textOf(fieldOf(output, "name") ?? fieldOf(output, "type"));
  return kind === undefined || kind === "text"
    ? TEXT
    : { kind, given: fieldOf(output, "responseFormat") };
}

/** Writes the format on the span of a model call. The SDK may still be making it. */
export function tellFormat({ given }: ResponseFormat, span: ActiveSpan): void {
  const tell = (format: unknown): void => {
    if (fieldOf(format, "type") === "json") span.setAttributes({ responseFormat: format });
  };
  if (typeof fieldOf(given, "then") !== "function") tell(given);
  else void Promise.resolve(given).then(tell, () => undefined);
}

/** What the caller gets of a text in this format; the text itself where it is none. */
export function inFormat({ kind }: ResponseFormat, text: string): unknown {
  if (kind === undefined) return text;
  const parsed = parsedOf(text);
  const fields = fieldsOf(parsed);
  if (kind === "array") return listOf(fields?.["elements"] ?? parsed);
  return kind === "choice" ? (fields?.["result"] ?? parsed) : parsed;
}
