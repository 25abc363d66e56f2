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
  /** The evaluation without its rows. @throws RivuletError `not_found` */
  get(id: string): Promise<Evaluation>;
  /** Default order: newest first. An empty `experimentIds` means all. */
  search(
    query?: SearchQuery & { readonly experimentIds?: readonly string[] },
  ): Promise<Page<Evaluation>>;
  /** The rows of one evaluation in the order of its data, each trial by trial. */
  listRows(query: {
    readonly evaluationId: string;
    readonly limit?: number;
    readonly pageToken?: string;
  }): Promise<Page<EvaluationRow>>;
  /** One row of an evaluation with everything in it. @throws RivuletError `not_found` */
  getRow(query: {
    readonly evaluationId: string;
    readonly rowId: string;
    /** @default 0, the first */
    readonly trial?: number;
  }): Promise<EvaluationRow>;
  /**
   * Compares two evaluations row by row. Rows are paired when both their ids and their expectations are equal. They come
   * with their scores and the beginnings of their texts; `getRow` gives one whole, `listRows` all of a side.
   *
   * @throws RivuletError `not_found`
   */
  compare(options: {
    readonly baselineId: string;
    readonly candidateId: string;
  }): Promise<Comparison>;
}

/** One example given to a task. */
export interface EvaluationExample<Input = unknown, Expected = unknown> {
  /** What the task is given. */
  readonly inputs: Input;
  /** What the task should return, in whatever shape the scorers expect. */
  readonly expectations?: Expected;
  /** Free-form details, passed to the scorers. @default {} */
  readonly metadata?: JsonObject;
  /** Pairs rows of two evaluations. @default a hash of the inputs, and of the expectations where inputs repeat */
  readonly id?: string;
}

/** Options of `evaluate`. */
export interface EvaluateOptions<Input = unknown, Output = unknown, Expected = unknown> {
  /** Examples, or a dataset: `'qa'` for its newest version, `'qa@3'` for version 3. */
  readonly data: string | readonly EvaluationExample<Input, Expected>[];
  /** What is evaluated: returns the output for an example's inputs. If it throws, the row has failed. */
  readonly task: (inputs: Input, context: TaskContext) => Output | Promise<Output>;
  /** Functions that score the output. Each needs a name of its own. */
  readonly scorers: readonly Scorer<Input, Output, Expected>[];
  /** Name of the run, for people to read. @default the task's name and the time */
  readonly name?: string;
  /** Name of the experiment, which is created if it does not exist. @default 'Default' */
  readonly experiment?: string;
  /** Rows processed at the same time. @default 5 */
  readonly concurrency?: number;
  /** Trials per row, whose scores are averaged first. @default 1 */
  readonly trials?: number;
  /** Time limit in milliseconds, for each task and each scorer. @default 120000 */
  readonly timeoutMs?: number;
  /** Ends the evaluation early: its run is `killed`, and `evaluate` rejects with `aborted`. Finished rows are kept. */
  readonly signal?: AbortSignal;
  /** Free-form details to keep with the evaluation. @default {} */
  readonly metadata?: JsonObject;
  /** Called after each trial of a row; `total` counts trials, too. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** What a task receives besides its inputs. */
export interface TaskContext {
  /** Id of the row: the dataset record's, or a hash of the inputs. */
  readonly rowId: string;
  /** 0 for the first trial of the row, 1 for the second, and so on. */
  readonly trial: number;
  /** Aborted when the evaluation is aborted, or when the task exceeds `timeoutMs`. */
  readonly signal: AbortSignal;
}

/** What a scorer receives: an example, and what the task returned for it. */
export interface ScorerInput<Input = unknown, Output = unknown, Expected = unknown> {
  /** What the task was given. */
  readonly inputs: Input;
  /** What the task returned. */
  readonly output: Output;
  /** What the task should have returned. */
  readonly expectations?: Expected;
  /** The example's metadata. */
  readonly metadata: JsonObject;
  /** The trace that the task recorded. */
  readonly traceId: string;
  /** Aborted when the evaluation is aborted, or when the scorer exceeds `timeoutMs`. */
  readonly signal?: AbortSignal;
  /** For scorers that call models: spans started with it become children of the scorer's span. */
  readonly tracing?: Pick<Tracing, "withSpan">;
}

/** What a scorer may return; `null` means "cannot be scored". */
export type ScorerResult =
  | number
  | boolean
  | null
  | {
      /**
       * The score. Booleans count as 0 and 1; a string is a label without a number; `null` means "cannot be
       * scored".
       */
      readonly value: number | boolean | string | null;
      /** The answer in words, in addition to a number. */
      readonly label?: string;
      /** Why, for people to read. */
      readonly rationale?: string;
      /** Free-form details to keep with the assessment. */
      readonly metadata?: JsonObject;
    };

/** Any function of this shape. */
export interface Scorer<Input = unknown, Output = unknown, Expected = unknown> {
  (input: ScorerInput<Input, Output, Expected>): ScorerResult | Promise<ScorerResult>;
  /** Name of the score. @default the function's name */
  readonly scoreName?: string;
  /** Who assesses, as recorded with each score. @default 'code' */
  readonly source?: "code" | "llm_judge";
  /**
   * The possible values. A row whose task failed counts as the worst of them; a value outside is an error of the scorer.
   *
   * @default 0 to 1 with higher being better, if all values are booleans or within 0 to 1; otherwise unknown: failed
   * rows have no score, and `coverage` says which share of the rows the mean stands for
   */
  readonly range?: ScorerRange;
}

/** Runs a task over examples, scores each output, and keeps the result as a run. */
export type Evaluate = <Input, Output, Expected>(
  options: EvaluateOptions<Input, Output, Expected>,
) => Promise<EvaluationResult>;

/** The result of `evaluate`. */
export interface EvaluationResult extends Evaluation {
  /** Every row with its output and scores, one per trial. */
  readonly rows: readonly EvaluationRow[];
}

/**
 * A model for judging: an AI SDK language model (V2, V3 or V4), a LangChain chat model, or a function that takes a
 * prompt and returns the text of the answer.
 */
export type JudgeModel =
  | object
  | ((prompt: string, options: { readonly signal?: AbortSignal }) => string | Promise<string>);

/** Options of `makeJudge`. */
export interface JudgeOptions {
  /** Name of the score. */
  readonly name: string;
  /**
   * What to judge, with `{{inputs}}`, `{{output}}` and `{{expectations}}`; without any of these variables, all three are
   * appended. Judges work best with a single criterion.
   */
  readonly instructions: string;
  /** The model that judges. */
  readonly model: JudgeModel;
  /** The possible answers, best first, each with its score. @default { yes: 1, no: 0 } */
  readonly choices?: Readonly<Record<string, number | null>>;
  /** Votes per row, which are averaged. The order of the choices is rotated between votes. @default 1 */
  readonly votes?: number;
}
