import { parseFilter } from "@rivulet/core";
import { aRun, aSpan, hexId } from "@rivulet/core/testing";
import { expect, test } from "vitest";
import { openedNew } from "./folder.ts";

const STORES = ["memory", "sqlite", "postgres"] as const;

/** Each is what one trace holds, in a message long enough to be stored apart, or in its span. */
const TEXTS = ['say "hi" now', "C:\\Users\\ann", "first\nsecond", "a\tb", "100 % sure 🙂"];

test.each(STORES)("texts are found as they are, and as JSON has them: %s", async (kind) => {
  const { store } = await openedNew(kind);
  for (const [place, text] of TEXTS.entries()) {
    const content = `${text} ${"and so on ".repeat(100)}`;
    const input = place % 2 === 0 ? text : { messages: [{ role: "user", content }] };
    const traceId = hexId(place + 1);
    store.journal.appendSpan(aSpan({ traceId, name: `t${place}`, input }));
    store.journal.appendSpan(aSpan({ traceId, id: hexId(9, 16), name: `child-${place}` }));
  }
  await store.journal.flush();
  const places = async (condition: string): Promise<string> => {
    const where = parseFilter("trace", condition);
    const { items } = await store.traces.search({ where, order: [], experimentIds: [], limit: 9 });
    return items
      .map(({ id }) => String(Number.parseInt(id, 16) - 1))
      .sort()
      .join("");
  };
  const all = "01234";
  for (const [pattern, expected] of [
    ['%say "hi"%', "0"],
    ["%C:\\Users\\%", "1"],
    ["%first\nsecond%", "2"],
    ["%a\tb%", "3"],
    ["%🙂%", "4"],
    ['%"role":"user"%', "13"],
    ["%child-3%", "3"],
    ["%nowhere%", ""],
    // So many wild places are looked at by our own code.
    ['%s%y% "hi"%', "0"],
    ["%c%h%i%ld-3%", "3"],
    ["%C%:%\\Users%", "1"],
  ] as const) {
    for (const field of ["text", "span.content"]) {
      expect(await places(`${field} LIKE '${pattern}'`), pattern).toBe(expected);
      expect(await places(`${field} ILIKE '${pattern}'`), pattern).toBe(expected);
      const others = [...all].filter((place) => !expected.includes(place)).join("");
      expect(await places(`${field} NOT LIKE '${pattern}'`), pattern).toBe(others);
    }
  }
});

/** Names in which the signs of other pattern languages stand: of SQLite's GLOB, of shells, of regular expressions. */
const SIGNS = ["a[b]c", "a[^b]c", "a]c", "a*c", "a?c", "a.c", "a+c", "a\\c", "a(b)c", "a$c", "a^c"];
const PLAIN = ["abc", "ac", "aBc", "abbc"];

test.each(STORES)(
  "only the percent sign and the underscore of a pattern stand for something else: %s",
  async (kind) => {
    const { store } = await openedNew(kind);
    const names = [...SIGNS, ...PLAIN];
    for (const [place, name] of names.entries()) {
      await store.runs.create(aRun({ id: hexId(place + 1), name }));
    }
    const find = async (condition: string): Promise<readonly string[]> => {
      const where = parseFilter("run", condition);
      const query = { where, order: [], experimentIds: [], lifecycle: "all", limit: 99 } as const;
      const { items } = await store.runs.search(query);
      return items.map(({ name = "" }) => name).sort();
    };
    for (const name of SIGNS) {
      const others = names.filter((other) => other !== name).sort();
      expect(await find(`name LIKE '${name}'`), name).toEqual([name]);
      expect(await find(`name ILIKE '${name.toUpperCase()}'`), name).toEqual([name]);
      expect(await find(`name NOT LIKE '${name}'`), name).toEqual(others);
      expect(await find(`name LIKE '%${name}%%%%'`), name).toEqual([name]);
    }
    expect(await find("name LIKE 'a_c'")).toEqual(
      ["a]c", "a*c", "a?c", "a.c", "a+c", "a\\c", "a$c", "a^c", "abc", "aBc"].sort(),
    );
    expect(await find("name LIKE 'a|_c' ESCAPE '|'")).toEqual([]);
    expect(await find("name LIKE '%B%'")).toEqual(["aBc"]);
    expect(await find("name ILIKE 'abc'")).toEqual(["aBc", "abc"]);
  },
);

const ESCAPED = ["50%", "50_", "50~", "50\\", "505", "50~%", "50é"];

test.each(STORES)("an escape makes the sign behind it stand for itself: %s", async (kind) => {
  const { store } = await openedNew(kind);
  for (const [place, name] of ESCAPED.entries()) {
    const traceId = hexId(place + 1);
    const input = { note: `x ${name} y` };
    store.journal.appendSpan(aSpan({ traceId, name, input }));
  }
  await store.journal.flush();
  const find = async (condition: string): Promise<readonly string[]> => {
    const where = parseFilter("trace", condition);
    const { items } = await store.traces.search({ where, order: [], experimentIds: [], limit: 9 });
    return items.map(({ name }) => name).sort();
  };
  for (const quoted of ["\\", "~", "!", "🙂", "^", "[", "''"]) {
    const sign = quoted === "''" ? "'" : quoted;
    const literal = (name: string): string =>
      [...name].map((one) => (["%", "_", sign].includes(one) ? quoted + one : one)).join("");
    for (const name of ESCAPED) {
      // The last has so many wild places that our own code looks at it.
      for (const [before, behind] of [
        ["", ""],
        ["%", "%"],
        ["%%%", "%%"],
      ]) {
        const pattern = `'${before}${literal(name)}${behind}' ESCAPE '${quoted}'`;
        const found = ESCAPED.filter((one) => (before === "" ? one === name : one.includes(name)));
        expect(await find(`name LIKE ${pattern}`), pattern).toEqual(found.sort());
        expect(await find(`name ILIKE ${pattern}`), pattern).toEqual(found.sort());
      }
      const within = `'%x ${literal(name)} y%' ESCAPE '${quoted}'`;
      expect(await find(`text LIKE ${within}`), within).toEqual([name]);
      expect(await find(`text ILIKE ${within}`), within).toEqual([name]);
      expect(await find(`span.content LIKE '%%%${within.slice(2)}`), within).toEqual([name]);
      expect((await find(`text NOT LIKE ${within}`)).length, within).toBe(ESCAPED.length - 1);
    }
  }
});
