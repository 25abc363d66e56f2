import { rivuletMiddleware, rivuletTelemetry } from "@rivulet/ai-sdk";
import { expect, test } from "vitest";
import { openClient } from "./support/client.ts";

test("a misspelt option is reported once, and calls are recorded all the same", () => {
  const { rivulet, errors } = openClient();
  for (let start = 0; start < 2; start += 1) {
    rivuletTelemetry(rivulet, { recordInput: false } as object);
    rivuletMiddleware(rivulet, { specificationVersion: "v3", experimentid: "e" } as object);
  }
  expect(errors.map(({ message }) => message)).toEqual([
    "telemetry.recordInput: is not known here. Did you mean recordInputs?",
    "telemetry.experimentid: is not known here. Did you mean experimentId?",
  ]);
});
