// For the tests of this package: from sources only, not published.
export { keepPartitions } from "./partition-keeper.ts";
