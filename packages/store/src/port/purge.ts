/** Selects what is deleted, longest deleted first. */
export interface DeletedQuery {
  /** Only what was deleted at this time or earlier, in milliseconds since the epoch. @default all */
  readonly upTo?: number;
  /** Only runs of this experiment. @default all */
  readonly experimentId?: string;
  /** The last one of the list before. @default from the first */
  readonly after?: DeletedPlace;
  /** At most so many. */
  readonly limit: number;
}

/** Something that is deleted, and since when. */
export interface DeletedPlace {
  /** Its id. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly deletedAt: number;
}
