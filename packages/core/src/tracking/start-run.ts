import { RivuletError, type Run } from "@rivulet/domain";
import type { Context } from "../context.ts";
import { maskRun } from "../masking/masked-records.ts";
import type { WithTexts } from "../params.ts";
import { findByName, freeIdOf, resumeRun } from "./resume-run.ts";
import { runName } from "./run-name.ts";
import type { CreateRunOptions, StartRunOptions } from "./runs.ts";

/** The experiment that options name, or else that of the parent. */
export type ChooseExperiment = (
  options: Pick<CreateRunOptions, "experiment" | "experimentId">,
  parentRunId: string | undefined,
) => Promise<string>;

/** Makes runs, or lets them go on. */
export interface Starts {
  /** Makes a run that nobody owns. */
  create(input: Input): Promise<Run>;
  /** Makes a run, or goes on with one, as its options say. */
  start(input: Input): Promise<Run>;
}

type Input = WithTexts<StartRunOptions>;

/** A run to be made, with its place. */
interface Place {
  readonly experimentId: string;
  readonly parentRunId: string | undefined;
}

interface Making {
  readonly placeOf: (input: Input) => Promise<Place>;
  readonly create: (input: Input) => Promise<Run>;
}

function createMaking(
  context: Context,
  { chooseExperiment }: { readonly chooseExperiment: ChooseExperiment },
): Making {
  const placeOf = async (input: Input): Promise<Place> => {
    const { parentRunId: given = context.activeRun.getStore()?.id } = input;
    const parentRunId = given ?? undefined;
    return { parentRunId, experimentId: await chooseExperiment(input, parentRunId) };
  };

  const create = async (input: Input): Promise<Run> => {
    const { id = context.ids.run(), owned = false } = input;
    const { experimentId, parentRunId } = await placeOf(input);
    const run = maskRun<Run>(context.masking, {
      id,
      experimentId,
      name: input.name ?? runName(id),
      status: "running",
      startTime: context.now(),
      ...(parentRunId === undefined ? {} : { parentRunId }),
      ...(input.userId === undefined ? {} : { userId: input.userId }),
      lifecycleStage: "active",
      params: input.params ?? {},
      tags: input.tags ?? {},
      metrics: {},
    });
    const store = await context.store();
    await store.runs.create(owned ? { ...run, owner: store.owner } : run);
    return run;
  };

  return { placeOf, create };
}

/** The ways to begin with a run. */
export function createStarts(
  context: Context,
  { chooseExperiment }: { readonly chooseExperiment: ChooseExperiment },
): Starts {
  const { placeOf, create } = createMaking(context, { chooseExperiment });

  const goOn = async (id: string, input: Input): Promise<Run> => {
    const store = await context.store();
    const { experiment, experimentId, owned, params = {}, tags = {} } = input;
    const isPlaced = experiment !== undefined || experimentId !== undefined;
    return resumeRun(store, {
      id,
      owner: owned === true ? store.owner : undefined,
      experimentId: isPlaced ? await chooseExperiment(input, undefined) : undefined,
      ...maskRun(context.masking, { params, tags }),
    });
  };

  const startById = async (id: string, input: Input): Promise<Run> => {
    const { resume = "allow" } = input;
    if (resume === "never") return create(input);
    const found = await (await context.store()).runs.get(id);
    if (found !== undefined || resume === "must") return goOn(id, input);
    return create({ ...input, id }).catch((error: unknown) => {
      // Somebody else has made it meanwhile.
      if (error instanceof RivuletError && error.code === "already_exists") return goOn(id, input);
      throw error;
    });
  };

  const startByName = async (name: string, input: Input): Promise<Run> => {
    const { experimentId } = await placeOf(input);
    const stored = context.masking.name(name);
    const place = { experimentId, name: stored };
    const found = await findByName(await context.store(), place);
    if (found !== undefined) return goOn(found.id, input);
    if (input.resume === "must") {
      const message = `No run of experiment ${experimentId} has the name "${stored}".`;
      throw new RivuletError("not_found", message, { details: { name: stored, experimentId } });
    }
    return startById(await freeIdOf(await context.store(), place), input);
  };

  return Object.freeze<Starts>({
    create,
    start: async (input) => {
      const { id, name, resume = "never" } = input;
      if (id !== undefined) return startById(id, input);
      if (resume === "never") return create(input);
      if (name !== undefined) return startByName(name, input);
      const message = `run.resume: "${resume}" needs the id or the name of the run`;
      throw new RivuletError("invalid_argument", message, { details: { field: "run.resume" } });
    },
  });
}
