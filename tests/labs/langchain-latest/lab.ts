import { type Lab, loadLab } from "../../langchain/lab.ts";

export const lab: Lab = await loadLab("latest", (module) => import(module));
