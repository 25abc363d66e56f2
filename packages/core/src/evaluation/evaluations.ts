import type {
  Comparison,
  Evaluation,
  EvaluationRow,
  JsonObject,
  Page,
  SearchQuery,
} from "@rivulet/domain";
import type { Tracing } from "../tracing/tracing.ts";
import type { ScorerRange } from "./score-range.ts";

/** Finished and running evaluations. */
export interface Evaluations {
  /** @throws `not_found` */
  get(id: string): Promise<Evaluation>;
  search(
    query?: SearchQuery & { readonly experimentIds?: readonly string[] },
  ): Promise<Page<Evaluation>>;
  listRows(query: {
    readonly evaluationId: string;
    readonly limit?: number;
    readonly pageToken?: string;
  }): Promise<Page<EvaluationRow>>;
  /** Two evaluations, paired by row; rows pair when their id and their expectations are the same. @throws `not_found` */
  compare(options: {
    readonly baselineId: string;
    readonly candidateId: string;
  }): Promise<Comparison>;
}

/** One example given to a task. */
export interface EvaluationExample<Input = unknown, Expected = unknown> {
  readonly inputs: Input;
  readonly expectations?: Expected;
  readonly metadata?: JsonObject;
  /** What rows are paired by. @default a hash of the inputs, and of the expectations where several have these inputs */
  readonly id?: string;
}

/** Options of `evaluate`. */
export interface EvaluateOptions<Input = unknown, Output = unknown, Expected = unknown> {
  /** Examples, or the name of a dataset (`'qa'` for its newest version, `'qa@3'`). */
  readonly data: string | readonly EvaluationExample<Input, Expected>[];
  readonly task: (inputs: Input, context: TaskContext) => Output | Promise<Output>;
  readonly scorers: readonly Scorer<Input, Output, Expected>[];
  /** @default the task's name and the time */
  readonly name?: string;
  /** Name of the experiment, made when it is not there. @default 'Default' */
  readonly experiment?: string;
  /** Rows at once. @default 5 */
  readonly concurrency?: number;
  /** Tries per row; averaged per row before anything else. @default 1 */
  readonly trials?: number;
  /** Milliseconds for one task, and for one scorer. @default 120000 */
  readonly timeoutMs?: number;
  /** Ends the evaluation early: its run is `killed`, and `evaluate` throws `aborted`. Rows done stay. */
  readonly signal?: AbortSignal;
  readonly metadata?: JsonObject;
  /** Called after each try of a row. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** What a task is told besides its inputs. */
export interface TaskContext {
  readonly rowId: string;
  readonly trial: number;
  readonly signal: AbortSignal;
}

/** What a scorer is given: an example, and what the task made of it. */
export interface ScorerInput<Input = unknown, Output = unknown, Expected = unknown> {
  readonly inputs: Input;
  readonly output: Output;
  readonly expectations?: Expected;
  readonly metadata: JsonObject;
  readonly traceId: string;
  /** Aborted when the evaluation is, or when the scorer takes longer than `timeoutMs`. */
  readonly signal?: AbortSignal;
  /** For scorers that call models: spans made with it hang under the scorer's own. */
  readonly tracing?: Pick<Tracing, "withSpan">;
}

/** What a scorer may return; `null` says "cannot be scored". */
export type ScorerResult =
  | number
  | boolean
  | null
  | {
      readonly value: number | boolean | string | null;
      /** The answer in words, beside a number. */
      readonly label?: string;
      readonly rationale?: string;
      readonly metadata?: JsonObject;
    };

/** Any function of this shape; its name is the score's name. */
export interface Scorer<Input = unknown, Output = unknown, Expected = unknown> {
  (input: ScorerInput<Input, Output, Expected>): ScorerResult | Promise<ScorerResult>;
  /** @default the function's name */
  readonly scoreName?: string;
  /** @default 'code' */
  readonly source?: "code" | "llm_judge";
  /**
   * What its values may be: a row whose task failed counts as the worst of them, and a value outside is an error of
   * the scorer. @default 0 to 1 and higher is better, where all its values are booleans or from 0 to 1; else unknown:
   * failed rows have no score, and the mean says which share of the rows it covers
   */
  readonly range?: ScorerRange;
}

/** Runs a task over examples, scores each, and keeps the result as a run. */
export type Evaluate = <Input, Output, Expected>(
  options: EvaluateOptions<Input, Output, Expected>,
) => Promise<EvaluationResult>;

/** What `evaluate` gives back. */
export interface EvaluationResult extends Evaluation {
  readonly rows: readonly EvaluationRow[];
}

/**
 * A model that judges: an AI SDK language model (V2, V3 or V4), a LangChain chat model, or a function from
 * a prompt to the answer's text.
 */
export type JudgeModel =
  | object
  | ((prompt: string, options: { readonly signal?: AbortSignal }) => string | Promise<string>);

/** Options of `makeJudge`. */
export interface JudgeOptions {
  /** The score's name. */
  readonly name: string;
  /**
   * What to judge, with `{{inputs}}`, `{{output}}` and `{{expectations}}`; without any of them, all are
   * added at the end. One criterion per judge is judged best.
   */
  readonly instructions: string;
  readonly model: JudgeModel;
  /** The answers the judge may give, and what each is worth; best first. @default { yes: 1, no: 0 } */
  readonly choices?: Readonly<Record<string, number | null>>;
  /** Votes per row; the mean counts. The order of the choices is rotated between votes. @default 1 */
  readonly votes?: number;
}
