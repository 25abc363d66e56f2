import { artifactEntrySchema, artifactSchema, pageSchema } from "@rivulet/domain";
import * as z from "@rivulet/domain/zod";
import {
  deleteArtifactSchema,
  listArtifactFolderSchema,
  listArtifactsSchema,
} from "../artifacts/artifact-input.ts";
import { count, type Operation, operation } from "./operation.ts";

/** Operations on the files kept with runs. Their bytes go another way: a door sends and takes them as they are. */
export const artifactOperations: readonly Operation[] = [
  operation("artifacts.list", {
    access: "read",
    summary: "The files of a run, by path.",
    input: listArtifactsSchema,
    output: z.array(artifactSchema),
  }),
  operation("artifacts.listFolder", {
    access: "read",
    summary: "The files and folders in a folder of a run, by name.",
    input: listArtifactFolderSchema,
    output: pageSchema(artifactEntrySchema),
  }),
  operation("artifacts.delete", {
    access: "write",
    summary: "Removes a file of a run, or a folder with all that is in it; says how many files.",
    input: deleteArtifactSchema,
    output: count,
  }),
];
