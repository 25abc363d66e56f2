import { parseFilter, parseOrder, type Store } from "@rivulet/core";
import { anAssessment, aRun, aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { openedNew } from "./folder.ts";

const STORES = ["memory", "sqlite", "postgres"] as const;

/** Texts that read as numbers, smallest first: JSON's notation, and what a double makes of it. */
const NUMBERS: readonly (readonly [text: string, number: number])[] = [
  ["-1.7976931348623157e308", -Number.MAX_VALUE],
  ["-12e3", -12_000],
  ["1e-400", 0],
  ["1e-99999", 0],
  ["0e99999", 0],
  ["5e-324", 5e-324],
  ["0.5e-3", 0.0005],
  [" 7\n", 7],
  ["1E1", 10],
  ["12e3", 12_000],
  ["9007199254740992", 9_007_199_254_740_992],
  [`1${"0".repeat(300)}`, 1e300],
];

/** Texts that do not, by their bytes: the short hash of a commit may look like a number beyond all. */
const WORDS = ["-1e400", "01", "1.", `1${"0".repeat(320)}`, "1e400", "7e91234", "NaN", "\u00a05"];

async function filled(kind: (typeof STORES)[number]): Promise<Store> {
  const { store } = await openedNew(kind);
  const texts = [...NUMBERS.map(([text]) => text), ...WORDS];
  // What is found by its order alone was not written in it.
  for (const [place, text] of [...texts.entries()].sort(([a], [b]) => (a % 5) - (b % 5))) {
    const id = hexId(place + 1);
    await store.runs.create(aRun({ id, name: text, params: { text }, tags: { text } }));
    store.journal.appendSpan({
      ...aSpan({ traceId: id, name: text, attributes: { text } }),
      trace: { tags: { text }, metadata: { text } },
    });
  }
  await store.journal.flush();
  return store;
}

type Asked = readonly ["run" | "trace", filter: string, order?: readonly string[]];

/** The names of what a search finds, a page after the other. */
async function namesOf(
  store: Store,
  [entity, filter, order]: Asked,
  limit = 100,
): Promise<readonly string[]> {
  const query = {
    where: parseFilter(entity, filter),
    order: parseOrder(entity, order),
    experimentIds: [],
    limit,
  };
  const read = (token: { readonly pageToken?: string }) =>
    entity === "run"
      ? store.runs.search({ ...query, ...token, lifecycle: "active" })
      : store.traces.search({ ...query, ...token });
  const names: string[] = [];
  for (let page = await read({}); ; page = await read({ pageToken: page.nextPageToken })) {
    names.push(...page.items.map(({ name }) => name));
    if (page.nextPageToken === undefined) return names;
  }
}

const FIELDS = [
  ["run", "params.text"],
  ["run", "tags.text"],
  ["trace", "tags.text"],
  ["trace", "metadata.text"],
  ["trace", "span.attributes.text"],
] as const;

test.each(STORES)("texts read as the numbers that JSON and doubles have: %s", async (kind) => {
  const store = await filled(kind);
  for (const [entity, field] of FIELDS) {
    for (const [, number] of NUMBERS) {
      const same = NUMBERS.filter(([, other]) => other === number).map(([text]) => text);
      const found = await namesOf(store, [entity, `${field} = ${number}`]);
      expect([...found].sort(), `${entity} ${field} = ${number}`).toEqual(same.sort());
    }
    const all = await namesOf(store, [entity, `${field} >= -1.7976931348623157e308`]);
    expect([...all].sort(), field).toEqual(NUMBERS.map(([text]) => text).sort());
  }
});

test.each(STORES)("numbers come before words, on pages of any size: %s", async (kind) => {
  const store = await filled(kind);
  const rising = [...NUMBERS.map(([text]) => text), ...WORDS];
  for (const [entity, field] of FIELDS) {
    if (field.startsWith("span.")) continue;
    for (const limit of [1, 3, 100]) {
      const order = [`${field} ASC`];
      expect(await namesOf(store, [entity, "", order], limit), field).toEqual(rising);
      // The same behind another term.
      const behind = ["status ASC", `${field} ASC`];
      expect(await namesOf(store, [entity, "", behind], limit), field).toEqual(rising);
    }
  }
});

test.each(STORES)(
  "whole numbers beyond those that are exact can be sorted by: %s",
  async (kind) => {
    const { store } = await openedNew(kind);
    for (const [place, size] of [2 ** 60, 2 ** 53, 1e300, 5].entries()) {
      store.journal.appendSpan({
        ...aSpan({ traceId: hexId(place + 1), name: String(size) }),
        trace: { metadata: { size } },
      });
    }
    await store.journal.flush();
    const rising = ["5", String(2 ** 53), String(2 ** 60), "1e+300"];
    for (const limit of [1, 100]) {
      expect(await namesOf(store, ["trace", "", ["metadata.size"]], limit)).toEqual(rising);
    }
  },
);

test.each(STORES)("a trace with feedback of several kinds is listed once: %s", async (kind) => {
  const { store } = await openedNew(kind);
  for (const name of ["1", "2", "3", "4"]) {
    store.journal.appendSpan(aSpan({ traceId: hexId(Number(name)), name }));
  }
  await store.journal.flush();
  const said = [
    [1, "good"],
    [1, 5],
    [1, null],
    [2, 3],
    [2, 7],
    [3, "bad"],
  ] as const;
  await store.assessments.add(
    said.map(([trace, value], place) =>
      anAssessment({ id: hexId(place + 1), traceId: hexId(trace), name: "stars", value }),
    ),
  );
  for (const limit of [1, 2, 100]) {
    const by = (direction: string): Promise<readonly string[]> =>
      namesOf(store, ["trace", "", [`feedback.stars ${direction}`]], limit);
    expect(await by("ASC")).toEqual(["2", "1", "3", "4"]);
    expect(await by("DESC")).toEqual(["2", "1", "3", "4"]);
  }
});

/** Values as they are compared with text. */
const WRITTEN: readonly (readonly [value: string | number | boolean | object, text: string])[] = [
  [1e300, "1e+300"],
  [1e-7, "1e-7"],
  [123_456_789_012_345_680_000, "123456789012345680000"],
  [0.1 + 0.2, "0.30000000000000004"],
  [10, "10"],
  [true, "true"],
  ["ten", "ten"],
  [[1, "ten"], '[1,"ten"]'],
  [{ ten: [10] }, '{"ten":[10]}'],
];

test.each(STORES)("as text, values are what JSON has: %s", async (kind) => {
  const { store } = await openedNew(kind);
  for (const [place, [value, name]] of WRITTEN.entries()) {
    const json = { value, "odd \"'key": value } as Record<string, number>;
    store.journal.appendSpan({
      ...aSpan({ traceId: hexId(place + 1), name, attributes: json }),
      trace: { metadata: json },
    });
  }
  await store.journal.flush();
  await store.assessments.add(
    WRITTEN.map(([value, name], place) =>
      anAssessment({
        id: hexId(place + 1),
        traceId: hexId(place + 1),
        name: "value",
        value: value as typeof name,
      }),
    ),
  );
  for (const field of ["metadata.value", "span.attributes.value", "feedback.value"]) {
    for (const [, name] of WRITTEN) {
      expect(await namesOf(store, ["trace", `${field} = '${name}'`]), field).toEqual([name]);
      const expression = `^${name.replaceAll(/[[\]{}+.]/g, "\\$&")}$`;
      expect(await namesOf(store, ["trace", `${field} RLIKE '${expression}'`])).toEqual([name]);
    }
    expect(
      await store.traces.count({
        where: parseFilter("trace", `${field} NOT RLIKE 'ten'`),
        experimentIds: [],
      }),
    ).toBe(6);
  }
  for (const field of ["metadata", "span.attributes"]) {
    const found = await namesOf(store, ["trace", `${field}.\`odd "'key\` IN ('10', 'true')`]);
    expect(found).toEqual(["true", "10"]);
  }
});
