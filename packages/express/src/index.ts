export {
  type MlopsAuth,
  type MlopsContext,
  type MlopsMiddleware,
  type MlopsOptions,
  mlops,
} from "./mlops.ts";
