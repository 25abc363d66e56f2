import type { SQLInputValue } from "node:sqlite";
import type { Rivulet } from "@rivulet/core";

/** What people ask of a store, beside the statement that could not be better. */
export interface Question {
  readonly name: string;
  ask(rivulet: Rivulet, about?: string): Promise<unknown>;
  /** Finds what is asked about: a page, or ids. */
  before?(rivulet: Rivulet): Promise<string | undefined>;
  /** The same by one statement, given the best index there could be. */
  readonly floor: string;
  readonly values?: readonly SQLInputValue[];
  /** What is found, or counted, grows with the store. @default false */
  readonly grows?: boolean;
  /** Words are looked for. @default false */
  readonly isText?: boolean;
  /** Made on the file for the floor's sake where the store itself has none. */
  readonly index?: string;
}
