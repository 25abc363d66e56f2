import { describeContract } from "../store/contract-suite.ts";
import { aStoreUrl } from "./store-url.ts";

describeContract("postgres", () => aStoreUrl());
describeContract("postgres, with spans by week,", () => aStoreUrl({ partitions: "week" }));
