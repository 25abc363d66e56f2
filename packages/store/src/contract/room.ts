import { randomInt } from "node:crypto";
import type {
  Assessment,
  Evaluation,
  EvaluationRow,
  Experiment,
  RegisteredModel,
  Run,
  Span,
} from "@rivulet/domain";
import type { NewModelVersion, NewPromptVersion, Store, StoreQuery } from "../port/store.ts";
import {
  aModel,
  aModelVersion,
  anAssessment,
  anEvaluation,
  anEvaluationRow,
  anExperiment,
  aPromptVersion,
  aRun,
  aSpan,
} from "./builders.ts";
import { hexId } from "./hex-id.ts";

/**
 * A part of a shared store that one case has for itself: an experiment, ids and names that no other case
 * uses, whether that runs before, after or at the same time. A case that searches restricts the search to
 * its experiment, or to its names with {@link Room.only}.
 *
 * Ids of what lives inside something else (spans of a trace, rows of an evaluation, examples)
 * are the same in all rooms: a store that mixes them up fails.
 */
export interface Room {
  /** An experiment that is there. Everything that the room's builders make belongs to it. */
  readonly experimentId: string;
  /** Id of another experiment, which the case may create; `number` is 1 to 99. */
  otherExperimentId(number: number): string;
  /** An id of 32 hex digits. A higher number gives an id that sorts later. */
  id(number: number): string;
  /** A name that ends in `word`. Within the room, names sort as their words do. */
  name(word: string): string;
  /** `query`, restricted to what has a {@link Room.name} of this room. */
  only<T extends StoreQuery>(query: T): T;
  /** Another experiment, with the first {@link Room.otherExperimentId}, named `iris`. */
  anExperiment(given?: Partial<Experiment>): Experiment;
  /** The first run of the room. */
  aRun(given?: Partial<Run>): Run;
  /** A model named `iris`. */
  aModel(given?: Partial<RegisteredModel>): RegisteredModel;
  /** A version of the model named `iris`. */
  aModelVersion(given?: Partial<NewModelVersion>): NewModelVersion;
  /** A version of the prompt named `greet`. */
  aPromptVersion(given?: Partial<NewPromptVersion>): NewPromptVersion;
  /** The root span of the first trace of the room. */
  aSpan(given?: Partial<Span>): Span;
  /** Feedback on the first trace of the room. */
  anAssessment(given?: Partial<Assessment>): Assessment;
  /** The evaluation of the first run of the room. */
  anEvaluation(given?: Partial<Evaluation>): Evaluation;
  /** A row of the first evaluation of the room. */
  anEvaluationRow(given?: Partial<EvaluationRow>): EvaluationRow;
}

/** Makes a room, which differs from every other also when the store is kept between two test runs. */
export async function openRoom(store: Store): Promise<Room> {
  const room = roomWithNumber(randomInt(2 ** 47));
  await store.experiments.create(anExperiment({ id: room.experimentId, name: room.name("home") }));
  return room;
}

function roomWithNumber(room: number): Room {
  const experimentId = `${room}00`;
  const id = (number: number): string => `${hexId(room, 12)}${hexId(number, 20)}`;
  const name = (word: string): string => `room${room}.${word}`;
  return Object.freeze<Room>({
    experimentId,
    otherExperimentId: (number) => `${room}${String(number).padStart(2, "0")}`,
    id,
    name,
    only: (query) => {
      const field = { kind: "attribute", key: "name" } as const;
      const clause = { field, operator: "LIKE", value: name("%") } as const;
      return { ...query, where: [...query.where, clause] };
    },
    anExperiment: (given) => anExperiment({ id: `${room}01`, name: name("iris"), ...given }),
    aRun: (given) => aRun({ id: id(1), experimentId, ...given }),
    aModel: (given) => aModel({ name: name("iris"), ...given }),
    aModelVersion: (given) => aModelVersion({ name: name("iris"), ...given }),
    aPromptVersion: (given) => aPromptVersion({ name: name("greet"), ...given }),
    aSpan: (given) => aSpan({ traceId: id(1), experimentId, ...given }),
    anAssessment: (given) => anAssessment({ id: id(1), traceId: id(1), ...given }),
    anEvaluation: (given) => anEvaluation({ id: id(1), experimentId, ...given }),
    anEvaluationRow: (given) => anEvaluationRow({ evaluationId: id(1), ...given }),
  });
}
