// For the tests of this package: from sources only, not published.

export { readSource } from "./run-source.ts";
