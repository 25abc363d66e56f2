import { pageSchema, sessionSchema, sessionTurnSchema, userSchema } from "@rivulet/domain";
import {
  sessionIdSchema,
  traceOwnerSearchSchema,
  turnSearchSchema,
  userIdSchema,
} from "../sessions/session-input.ts";
import { type Operation, only, operation } from "./operation.ts";

/** Operations on sessions. */
export const sessionOperations: readonly Operation[] = [
  operation("sessions.get", {
    access: "read",
    summary: "Gives a session with the totals of its traces.",
    positional: ["id"],
    input: only("id", sessionIdSchema),
    output: sessionSchema,
  }),
  operation("sessions.search", {
    access: "read",
    summary: "Searches sessions by their traces, the latest first.",
    input: traceOwnerSearchSchema,
    output: pageSchema(sessionSchema),
  }),
  operation("sessions.listTurns", {
    access: "read",
    summary:
      "The conversation of a session: its traces with input, output and feedback, oldest first by default.",
    input: turnSearchSchema,
    output: pageSchema(sessionTurnSchema),
  }),
];

/** Operations on users. */
export const userOperations: readonly Operation[] = [
  operation("users.get", {
    access: "read",
    summary: "Gives a user with the totals of their traces.",
    positional: ["id"],
    input: only("id", userIdSchema),
    output: userSchema,
  }),
  operation("users.search", {
    access: "read",
    summary: "Searches users by their traces, the latest first.",
    input: traceOwnerSearchSchema,
    output: pageSchema(userSchema),
  }),
];
