import { openStore } from "@rivulet/core";
import { expect, it } from "vitest";

it.each([
  ["./team.db", "For a file, write sqlite:./team.db."],
  ["/data/team.db", "For a file, write sqlite:/data/team.db."],
  ["C:\\team.db", "For a file, write sqlite:C:\\team.db."],
  ["sqlite::memory:", "The store in memory is memory:."],
  ["mysql:team", "Stores are sqlite:PATH, json:PATH and memory:."],
  ["sqlite:", "Stores are sqlite:PATH, json:PATH and memory:."],
  ["memory:team", "Stores are sqlite:PATH, json:PATH and memory:."],
])("says of %s what to write instead", async (url, hint) => {
  await expect(openStore(url)).rejects.toMatchObject({
    code: "invalid_argument",
    message: `There is no store at "${url}". ${hint}`,
  });
});

it("repeats no password of a URL", async () => {
  await expect(openStore("postgres://me:secret@db/team")).rejects.toMatchObject({
    code: "invalid_argument",
    message:
      'There is no store at "postgres://***@db/team". PostgreSQL will come with the package @rivulet/postgres; until then take sqlite:PATH.',
  });
});
