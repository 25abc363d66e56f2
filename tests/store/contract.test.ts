import { join } from "node:path";
import { describeContract } from "./contract-suite.ts";

describeContract("memory", () => "memory:");
describeContract("sqlite", (folder) => `sqlite:${join(folder, "contract.db")}`);
describeContract("json", (folder) => `json:${join(folder, "contract.json")}`);
