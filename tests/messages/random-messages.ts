/** Numbers that are no more random than the seed, so that a failure comes again. */
function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** Names that sources give to fields of messages and their parts. */
const FIELDS = [
  ..."type role name id content parts text thinking reasoning refusal summary data value".split(
    " ",
  ),
  ..."image_url video_url input_audio source file audio image resource inlineData fileData".split(
    " ",
  ),
  ..."url uri file_uri fileUri file_id fileId file_data file_url filename title format".split(" "),
  ..."mimeType mime_type mediaType media_type source_type blob bytes size hash kind detail".split(
    " ",
  ),
  ..."tool_calls toolCalls invalid_tool_calls function_call function custom input args".split(" "),
  ..."arguments parameters invalidArguments toolCallId toolName tool_use_id tool_call_id".split(
    " ",
  ),
  ..."call_id output result response error errorText is_error isError status artifact reason".split(
    " ",
  ),
  ..."annotations citations extra additional_kwargs response_metadata kwargs lc thought".split(" "),
  ..."functionCall functionResponse executableCode codeExecutionResult code language".split(" "),
  ..."outcome signature providerMetadata reasoning_content transcript state rawInput __proto__".split(
    " ",
  ),
];

const TYPES = [
  ..."text reasoning media image audio video file document tool_call tool_result refusal data".split(
    " ",
  ),
  ..."image_url input_text output_text input_image input_audio input_file function_call".split(" "),
  ..."function_call_output custom_tool_call image_generation_call thinking tool_use".split(" "),
  ..."redacted_thinking server_tool_use web_search_tool_result text-plain non_standard".split(" "),
  ..."tool-call tool-result tool-error tool-weather dynamic-tool image-data file-url json".split(
    " ",
  ),
  ..."error-text content execution-denied resource resource_link functionCall base64 url".split(
    " ",
  ),
];

const ROLES = ["user", "assistant", "tool", "human", "ai", "model", "function", "critic"];

/** A message of no source in particular, and the texts in it, none of which is there twice. */
export interface RandomMessage {
  readonly written: Readonly<Record<string, unknown>>;
  readonly texts: readonly string[];
}

/** A message of words that all sources use, put together as none would. */
export function randomMessage(seed: number): RandomMessage {
  const random = createRandom(seed * 7_919 + 1);
  const texts: string[] = [];
  const pick = <T>(items: readonly T[]): T => items[random(items.length)] as T;

  function text(): string {
    const made = `<${seed}.${texts.length}>`;
    texts.push(made);
    switch (random(8)) {
      case 0:
        return `data:image/png;base64,${made}`;
      case 1:
        return `https://example.org/${made}`;
      case 2:
        return JSON.stringify({ [pick(FIELDS)]: made });
      default:
        return made;
    }
  }

  function value(depth: number): unknown {
    const kind = random(depth > 4 ? 4 : 10);
    if (kind < 3) return text();
    if (kind === 3) return pick([null, true, false, 3, "", undefined]);
    if (kind < 6) return Array.from({ length: random(4) }, () => value(depth + 1));
    return fields(depth + 1, random(5));
  }

  function fields(depth: number, count: number): Record<string, unknown> {
    const made: [string, unknown][] = [];
    if (random(3) > 0) made.push(["type", pick(TYPES)]);
    for (let field = 0; field < count; field++) {
      const name = pick(FIELDS);
      made.push([name, value(depth)]);
    }
    return Object.fromEntries(made);
  }

  const written = {
    ...fields(0, random(6)),
    role: pick(ROLES),
    [pick(["content", "content", "parts", "tool_calls"])]: value(0),
  };
  // A field that was made twice has the later value only.
  const there = JSON.stringify(written);
  return { written, texts: texts.filter((made) => there.includes(made)) };
}
