import { fieldsOf } from "./read-fields.ts";

type Fields = Readonly<Record<string, unknown>>;

/** What {@link joinPieces} makes of a message. */
interface Joined {
  readonly content: readonly unknown[];
  readonly invalid_tool_calls?: readonly unknown[];
}

/**
 * The content of a message that was streamed, as if it had been sent whole: without the numbers by which LangChain puts
 * pieces together, texts in one, and the arguments of calls, which Anthropic streams as pieces of their own, in the calls.
 */
export function joinPieces(blocks: readonly unknown[], message: Fields): Joined {
  const content: Fields[] = [];
  const places = new Map<unknown, number>();
  const streamed = new Set<unknown>();

  function add({ index, ...fields }: Fields): void {
    const place = places.get(index) ?? -1;
    const [call, last] = [content[place], content.at(-1)];
    if (fields["type"] === "input_json_delta" && call !== undefined) {
      const input = textOr(call["input"]) + textOr(fields["input"]);
      content[place] = { ...call, input };
      streamed.add(input);
    } else if (last !== undefined && isText(last) && isPlainText(fields)) {
      content[content.length - 1] = { ...last, text: textOr(last["text"]) + fields["text"] };
    } else {
      if (index !== undefined) places.set(index, content.length);
      content.push(fields);
    }
  }

  for (const block of blocks) add(fieldsOf(block));
  const invalid = message["invalid_tool_calls"];
  if (!Array.isArray(invalid)) return { content };
  return { content, invalid_tool_calls: invalid.filter((call) => !isPiece(call, streamed)) };
}

/** Whether the message, or its content, was put together from the pieces of a stream. */
export function isStreamed(message: object, blocks: readonly unknown[]): boolean {
  const isChunk = typeof (message as { readonly concat?: unknown }).concat === "function";
  return isChunk || blocks.some((block) => "index" in fieldsOf(block));
}

function isText({ type, thought }: Fields): boolean {
  return type === "text" && thought !== true;
}

function isPlainText(fields: Fields): boolean {
  return isText(fields) && typeof fields["text"] === "string" && Object.keys(fields).length === 2;
}

/** LangChain takes the arguments of a tool that the provider runs for those of a call without a name. */
function isPiece(call: unknown, streamed: ReadonlySet<unknown>): boolean {
  const { id, name, args } = fieldsOf(call);
  return !(id || name) && streamed.has(args);
}

function textOr(value: unknown): string {
  return typeof value === "string" ? value : "";
}
