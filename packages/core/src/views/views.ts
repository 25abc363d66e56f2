import type { Page, SearchQuery, View } from "@rivulet/domain";

/** Saved views: lists as people have arranged them. */
export interface Views {
  /**
   * Saves a view. @throws RivuletError `already_exists` when its page has a view of this name, in the same experiment;
   * `not_found` for the experiment
   */
  create(options: CreateViewOptions): Promise<View>;
  /** The view. @throws RivuletError `not_found` */
  get(id: string): Promise<View>;
  /** Default order: by name. `page = 'runs' AND experimentId = '3'` finds those of a page. */
  search(query?: SearchQuery): Promise<Page<View>>;
  /**
   * Changes a view. @throws RivuletError `not_found`; `already_exists` for a taken name; `conflict` when it is not the
   * expected one
   */
  update(id: string, patch: ViewUpdate): Promise<View>;
  /** Removes a view. @throws RivuletError `not_found` */
  delete(id: string): Promise<void>;
}

/** Options of `views.create`. */
export interface CreateViewOptions {
  /** For people to read, up to 250 characters; unique for its page and experiment. */
  readonly name: string;
  /** The page it is a view of, such as `runs`: lower-case letters and `-`, up to 50. */
  readonly page: string;
  /** The experiment it belongs to. @default none: it is a view of all experiments */
  readonly experimentId?: string;
  /** The query of the page's URL, without `?`, up to 8,000 characters. */
  readonly query: string;
  /** Who makes it. @default nobody in particular */
  readonly createdBy?: string;
}

/** Changes to a view. Absent fields stay as they are. */
export interface ViewUpdate {
  /** New name. */
  readonly name?: string;
  /** New query. */
  readonly query?: string;
  /** The `updatedAt` that the view must have, so that nobody's change is lost. @default any */
  readonly expected?: number;
}
