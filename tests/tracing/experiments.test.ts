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

test("what names no experiment, or Default, belongs to the first one, also when that has another name", async () => {
  const { rivulet, spans } = openClient();
  await rivulet.experiments.update("0", { name: "renamed" });
  for (const options of [{}, { experimentId: "Default" }, { experimentId: "0" }]) {
    const span = rivulet.startSpan("call", options);
    span.end();
    expect((await spans(span.traceId))["call"]?.experimentId).toBe("0");
  }
  const { items } = await rivulet.experiments.search({ lifecycle: "all" });
  expect(items.map(({ name }) => name)).toEqual(["renamed"]);
});
