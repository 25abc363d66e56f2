import type { ActiveSpan, EndSpanOptions, Rivulet } from "@rivulet/core";
import { MESSAGES } from "../anthropic/messages.ts";
import { type Fields, fieldsOf, listOf, textOf, withoutNothing } from "../calls/read-value.ts";
import { lastCounted } from "../calls/stream-parts.ts";

/** A call of the model whose answer comes in parts. */
interface OpenCall {
  readonly id: unknown;
  readonly span: ActiveSpan;
  answer: Fields;
  attributes: Fields;
  /** Its end will be told. */
  isStreaming: boolean;
}

/** A conversation with a model: that of a run, or that of a subagent in it. */
export class Conversation {
  readonly #rivulet: Rivulet;
  readonly #system: string | undefined;
  readonly #messages: Fields[] = [];
  /** What tools have answered while the model still spoke. */
  #later: Fields[] = [];
  #call: OpenCall | undefined;
  /** When the model could begin to answer, in milliseconds since the epoch. */
  #since: number;

  /** What the spans of its calls and tools hang under. */
  readonly parent: ActiveSpan;

  constructor(rivulet: Rivulet, parent: ActiveSpan, system?: string) {
    this.#rivulet = rivulet;
    this.parent = parent;
    this.#system = system;
    this.#since = parent.startTime;
  }

  /** What was said so far. */
  get messages(): readonly Fields[] {
    return this.#messages;
  }

  /** Somebody but the model says something. */
  say(message: Fields): void {
    if (this.#call?.isStreaming === true) this.#later.push(message);
    else {
      this.end({});
      this.#messages.push(message);
    }
    this.#since = performance.timeOrigin + performance.now();
  }

  /** A part of an answer: the SDK gives each block of a message as a message of its own. */
  answer(message: Fields, { request_id: requestId, error }: Fields): void {
    const call = this.#callOf(message);
    const content = [...listOf(call.answer["content"]), ...listOf(message["content"])];
    call.answer = { ...message, ...withoutNothing({ ...call.answer, content }) };
    call.attributes = withoutNothing({
      ...call.attributes,
      requestId: textOf(requestId),
      apiError: textOf(error),
    });
  }

  /** Something of an answer that streams: when it began, what was counted, why it stopped. */
  stream({ type, message, delta, usage }: Fields): void {
    if (type === "message_start") this.#callOf(fieldsOf(message)).isStreaming = true;
    const call = this.#call;
    if (call === undefined) return;
    if (type === "content_block_delta") call.span.markFirstToken();
    else if (type === "message_delta") {
      const known = call.answer["usage"];
      const last = lastCounted(known, usage);
      const counted = { ...fieldsOf(known), ...withoutNothing(fieldsOf(last)) };
      call.answer = { ...call.answer, ...withoutNothing(fieldsOf(delta)), usage: counted };
    } else if (type === "message_stop") this.end({});
  }

  /** Ends the call that is open, if there is one. */
  end(options: EndSpanOptions): void {
    const call = this.#call;
    if (call === undefined) return;
    this.#call = undefined;
    const { model, usage, output, attributes = {} } = MESSAGES.answer(call.answer);
    this.#messages.push({ role: "assistant", content: call.answer["content"] }, ...this.#later);
    this.#later = [];
    call.span.setAttributes({ ...withoutNothing(attributes), ...call.attributes });
    if (model !== undefined) call.span.setModel(model, "anthropic");
    if (usage !== undefined) call.span.setUsage(usage);
    const failed = call.attributes["apiError"];
    call.span.end({ ...(failed === undefined ? options : { error: failed }), output });
  }

  /** The call that a message belongs to: a new one, unless more of the same is said. */
  #callOf(message: Fields): OpenCall {
    if (this.#call !== undefined && this.#call.id === message["id"]) return this.#call;
    this.end({});
    const model = textOf(message["model"]) ?? "claude";
    const span = this.#rivulet.startSpan(`chat ${model}`, {
      type: "chat_model",
      provider: "anthropic",
      model,
      parent: this.parent,
      startTime: this.#since,
    });
    const given = { system: this.#system, messages: this.#messages };
    span.setInput(MESSAGES.request(given).input);
    const { content: _, ...answer } = message;
    this.#call = { id: message["id"], span, answer, attributes: {}, isStreaming: false };
    return this.#call;
  }
}
