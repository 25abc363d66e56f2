import { fieldsOf, type OperationId, operations } from "@rivulet/core";
import type * as z from "zod";

/**
 * Schema of one field of an operation's input, with core's bounds: no tool has bounds of its own for what core takes.
 *
 * @typeParam T the field's type
 */
export function fieldOf<T>(id: OperationId, name: string): z.ZodType<T> {
  const operation = operations.find((candidate) => candidate.id === id);
  const schema = operation === undefined ? undefined : fieldsOf(operation.input)[name];
  if (schema === undefined) throw new Error(`The operation ${id} has no field ${name}.`);
  return schema as z.ZodType<T>;
}
