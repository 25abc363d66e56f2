import { expect, test } from "vitest";
import { openClient, testIds } from "./client.ts";

test("an experiment that is recorded to all the time is remembered, however many others there are", () => {
  const ids = testIds();
  let made = 0;
  const experiment = (): string => {
    made += 1;
    return ids.experiment();
  };
  const { rivulet } = openClient({}, { ids: { ...ids, experiment } });
  const record = (name: string): void => rivulet.startSpan("call", { experimentId: name }).end();
  for (let index = 0; index < 1_500; index++) {
    record(`experiment ${index}`);
    record("always");
  }
  expect(made).toBe(1_501);
});
