import type { Fields } from "../sdk/read-value.ts";

/** Sees a call of a model: `execute` makes it, and what comes of it is what the caller gets. */
export type SeeCall = (execute: () => PromiseLike<unknown>, params: unknown) => unknown;

/** The model with calls of these methods seen; in every other way the model that it is. */
export function tapModel(model: object, methods: readonly string[], see: SeeCall): object {
  return new Proxy(model, {
    get(target, name): unknown {
      // The model itself is the receiver: it may have private fields.
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== "function") return value;
      if (!methods.includes(String(name))) return value.bind(target) as unknown;
      return (params: unknown): unknown =>
        see(() => value.call(target, params) as PromiseLike<unknown>, params);
    },
  });
}

/** Whether it is a model, and not its name alone. */
export function isModel(value: unknown): value is Fields {
  return (
    typeof value === "object" && value !== null && ("doGenerate" in value || "doStream" in value)
  );
}
