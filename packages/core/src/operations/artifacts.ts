import { artifactSchema } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import { listArtifactsSchema } from "../artifacts/artifacts.ts";
import { type Operation, operation } from "./operation.ts";

/** Operations on the files kept with runs. Their bytes go another way: a door sends and takes them as they are. */
export const artifactOperations: readonly Operation[] = [
  operation("artifacts.list", {
    access: "read",
    summary: "The files of a run, by path.",
    input: listArtifactsSchema,
    output: z.array(artifactSchema),
  }),
];
