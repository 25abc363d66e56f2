import { fieldsOf, isFilled, jsonOf, textOf } from "./read-fields.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Whether LangChain has turned the content into its standard blocks (`outputVersion: "v1"`). */
export function isStandard(message: { readonly response_metadata?: unknown }): boolean {
  return fieldsOf(message.response_metadata)["output_version"] === "v1";
}

/** Where LangChain tells of calls beside the content. */
interface CallLists {
  readonly tool_calls?: unknown;
  readonly invalid_tool_calls?: unknown;
}

/** What {@link tellOnce} makes of a message. */
interface ToldOnce {
  readonly content: readonly unknown[];
  readonly tool_calls: readonly unknown[];
  readonly invalid_tool_calls: readonly unknown[];
}

/**
 * Standard blocks without what LangChain says twice when it makes them: the calls and thoughts of Google's models, the
 * images, thoughts and custom calls of OpenAI's, the arguments of calls that Anthropic's have streamed.
 */
export function tellOnce(blocks: readonly unknown[], lists: CallLists): ToldOnce {
  const told: Fields[] = [];
  const pieces = new Set<unknown>();

  /** A call that is there already is the same with all that is known of it. */
  function mergeCall(call: Fields): boolean {
    const place = told.findIndex((before) => isSameCall(callIn(before), call));
    if (place >= 0) told[place] = withFields(callIn(told[place] ?? {}), call);
    return place >= 0;
  }

  for (const block of blocks.map(standardFields)) {
    if (isPiece(block)) {
      pieces.add(block["args"]);
      takePiece(told, block["args"]);
    } else if (!(block["type"] === "tool_call" && block["id"] !== undefined && mergeCall(block))) {
      if (!told.some((before) => isTold(before, block))) told.push(block);
    }
  }
  return {
    tool_calls: fieldsIn(lists.tool_calls).filter((call) => !mergeCall(call)),
    invalid_tool_calls: fieldsIn(lists.invalid_tool_calls).filter(
      ({ name, args }) => textOf(name) !== undefined || !pieces.has(args),
    ),
    content: told,
  };
}

/** A block without the id that LangChain made up for it, and without its copy of what it was made from. */
function standardFields(block: unknown): Fields {
  const { reasoningContentBlock, ...fields } = fieldsOf(block);
  const isCopy = fieldsOf(reasoningContentBlock)["text"] === fields["reasoning"];
  const kept: Fields = isCopy ? fields : { ...fields, reasoningContentBlock };
  return textOf(fields["id"])?.startsWith("run-") === true ? { ...kept, id: undefined } : kept;
}

function withFields(before: Fields, call: Fields): Fields {
  return {
    ...before,
    ...Object.fromEntries(Object.entries(call).filter(([, value]) => isFilled(value))),
  };
}

function callIn(block: Fields): Fields {
  const { type, functionCall, ...beside } = block;
  return type === "functionCall"
    ? { type: "tool_call", ...fieldsOf(functionCall), ...beside }
    : block;
}

/** One of the two may have no id: Google's packages leave it out in the content. */
function isSameCall(before: Fields, { id, name, args }: Fields): boolean {
  if (before["type"] !== "tool_call" || before["name"] !== name) return false;
  const isSame = before["id"] === undefined || id === undefined || before["id"] === id;
  return isSame && jsonOf(before["args"]) === jsonOf(args);
}

function isPiece({ type, name }: Fields): boolean {
  return type === "tool_call_chunk" && name === undefined;
}

/** The arguments belong to the last call before that has none. */
function takePiece(told: Fields[], args: unknown): void {
  const place = told.findLastIndex(
    ({ type, args: known }) => /^(?:server_)?tool_call$/.test(String(type)) && isEmpty(known),
  );
  if (place >= 0) told[place] = { ...told[place], args: parsed(args) };
  else told.push({ type: "tool_call_chunk", args });
}

function isEmpty(args: unknown): boolean {
  return Object.values(fieldsOf(args)).every((value) => value === "");
}

function parsed(args: unknown): unknown {
  try {
    return JSON.parse(String(args)) as unknown;
  } catch {
    return args;
  }
}

/** Whether a block says nothing that one before it does not say. */
function isTold(before: Fields, block: Fields): boolean {
  const { type, reasoning } = block;
  if (type === "reasoning") {
    const isPlain = Object.values(block).filter(isFilled).length === 2;
    return (
      isPlain &&
      before["type"] === "reasoning" &&
      (reasoning === "" || reasoning === before["reasoning"])
    );
  }
  const { type: kind, result, call_id } = fieldsOf(block["value"]);
  if (kind === "image_generation_call")
    return before["type"] === "image" && before["data"] === result;
  return kind === "custom_tool_call" && before["type"] === "tool_call" && before["id"] === call_id;
}

function fieldsIn(list: unknown): readonly Fields[] {
  return Array.isArray(list) ? list.map(fieldsOf) : [];
}
