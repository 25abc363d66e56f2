import type { Experiment } from "@rivulet/domain";
import { ENTITIES } from "@rivulet/domain/entities";
import { type EntityRows, entityRows } from "../kit/entity-rows.ts";

/** Experiments; of those without declarations nothing is stored of them. */
export const experimentRows: EntityRows<Experiment> = entityRows(ENTITIES.experiment, {
  shape: (fields) => ({ metrics: {}, ...fields }) as Experiment,
});
