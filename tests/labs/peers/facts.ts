import type { Kept } from "./columns.ts";
import { IMAGE, SAID } from "./what-was-said.ts";

/** Something that a run tells, and how it shows in what was kept of it. */
export interface Fact {
  readonly name: string;
  /** It is there as it was told; one pattern for all, or one for each, where it is no word of its own. */
  readonly kept: string | RegExp | Readonly<Record<keyof Kept, RegExp>>;
  /** A part of it is there, or something else in its place. */
  readonly changed?: RegExp;
  /** Only one of the two frameworks tells it. */
  readonly only?: "langchain" | "ai-sdk";
}

/** A number that stands by itself. */
const number = (value: number | string): RegExp => new RegExp(`(?<![\\w.-])${value}(?![\\w.-])`);

export const FACTS: readonly Fact[] = [
  { name: "model that was asked", kept: "zz-model-asked" },
  { name: "model that answered", kept: "zz-model-answered" },
  {
    name: "provider",
    kept: /"(?:\w+\.)*(?:provider|ls_provider|provider\.name)"[^}]{0,30}"openai/,
  },
  { name: "temperature", kept: number(0.4321) },
  { name: "most tokens", kept: number(4321) },
  { name: "instructions", kept: SAID.system },
  { name: "question", kept: SAID.user },
  { name: "bytes of an image", kept: IMAGE, changed: new RegExp(IMAGE.slice(0, 60)) },
  { name: "description of a tool", kept: SAID.tool },
  { name: "parameters of a tool", kept: /"city":\{"type":"string"/ },
  { name: "id of a tool's call", kept: "zz-call-id" },
  { name: "arguments of a tool", kept: "zz-argument" },
  { name: "result of a tool", kept: `${SAID.result} in zz-argument` },
  { name: "artifact of a tool", kept: "zz artifact", only: "langchain" },
  { name: "answer", kept: "zz answer of the model" },
  { name: "reasoning text", kept: "zz reasoning of the model" },
  { name: "citation: address", kept: "https://zz-citation.example/" },
  { name: "citation: title", kept: "zz citation" },
  { name: "finish reason", kept: /content_filter/, changed: /content-filter/ },
  { name: "id of the answer", kept: "resp_zz_2" },
  { name: "id of a message in the answer", kept: "msg_zz" },
  { name: "service tier", kept: "zz-tier" },
  { name: "request id of an answer", kept: "zz-request-of-answer" },
  { name: "input tokens", kept: number("71001") },
  { name: "cached input tokens", kept: number("60013") },
  { name: "output tokens", kept: number("2003") },
  { name: "reasoning tokens", kept: number("1017") },
  {
    name: "time of the first token of a stream",
    kept: {
      rivulet: /"timeToFirstTokenMs":\d/,
      langfuse: /completion_start_time|time_to_first/,
      langsmith: /"name":"new_token"|time_to_first|first_token/,
    },
  },
  { name: "what a stopped stream had said", kept: /zz streamed (?!words)/ },
  {
    name: "a stop by the user is no error",
    kept: {
      rivulet: /"status":"cancelled"/,
      langfuse: /"stringValue":"(?:cancelled|aborted)"/i,
      langsmith: /"status":"(?:cancelled|aborted)"/i,
    },
  },
  { name: "reason of a stop", kept: "zz stopped by the user" },
  { name: "error of the provider: message", kept: "zz refusal of the provider" },
  { name: "error of the provider: HTTP status", kept: number(451) },
  { name: "error of the provider: request id", kept: "zz-request-of-error" },
  { name: "error of the provider: code", kept: "zz_code" },
  { name: "error of the provider: type", kept: "zz_type" },
  { name: "stack of an error", kept: /n {4}at [^"]{0,80}(?:file|node|\/)/ },
  { name: "attempt that was tried again", kept: "zz first attempt failed", only: "langchain" },
  { name: "question of an interrupt", kept: "zz question of the interrupt", only: "langchain" },
  {
    name: "node of a graph",
    kept: /"langgraph_node[^}]{0,40}"approve"|"name":"approve"/,
    only: "langchain",
  },
  { name: "step of a graph", kept: /langgraph[._]step/, only: "langchain" },
  { name: "namespace of a checkpoint", kept: /checkpoint_ns/, only: "langchain" },
  { name: "text of a document", kept: "zz text of a document", only: "langchain" },
  { name: "metadata of a document", kept: "zz-source", only: "langchain" },
  { name: "score of a document", kept: number(0.98765), only: "langchain" },
  {
    name: "session",
    kept: {
      rivulet: /"sessionId":"zz-session"/,
      langfuse: /"session\.id","value":\{"stringValue":"zz-session"/,
      langsmith: /"(?:session_id|thread_id)":"zz-session"/,
    },
  },
  {
    name: "user",
    kept: {
      rivulet: /"userId":"zz-user"/,
      langfuse: /"user\.id","value":\{"stringValue":"zz-user"/,
      langsmith: /"user_id":"zz-user"/,
    },
  },
  { name: "tag", kept: SAID.tag },
  { name: "object in the metadata", kept: /"release":\{"number":"zz-nested/, changed: /zz-nested/ },
  {
    name: "version of the prompt, linked",
    kept: {
      rivulet: /"prompts":\[\{"name":"zz-prompt","version":1/,
      langfuse: /observation\.prompt\.name","value":\{"stringValue":"zz-prompt"/,
      langsmith: /"lc_hub_repo":"zz-prompt"/,
    },
  },
];
