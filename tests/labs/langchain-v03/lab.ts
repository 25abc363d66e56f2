import { type Lab, loadLab } from "../../langchain/lab.ts";

export const lab: Lab = await loadLab("0.3", (module) => import(module));
