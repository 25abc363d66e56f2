import type { ComponentChildren, JSX } from "preact";
import type { FileHome } from "../../../questions/files.ts";
import type { Shown } from "./artifact-tree.ts";
import { FileHead } from "./file-head.tsx";
import { FilePreview } from "./file-preview.tsx";
import { ImageSeriesView } from "./image-series-view.tsx";

/** Whose files are shown. */
export interface FilesProps {
  /** Such as `Files of the run`. */
  readonly title: string;
  readonly home: FileHome;
  readonly canDelete: boolean;
}

/** A list of files, and beside it a look into one of them. */
export function FilesAndView({
  title,
  home,
  canDelete,
  list,
  shown,
  children,
}: FilesProps & {
  readonly list: ComponentChildren;
  readonly shown: Shown | undefined;
  /** Stands there while nothing is looked at. */
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <div class="artifacts">
      <h2 class="hidden-text">{title}</h2>
      {list}
      <section class="artifact-view" aria-label={shown?.path ?? title}>
        {shown === undefined ? (
          children
        ) : (
          <ShownView key={viewKeyOf(shown)} home={home} shown={shown} canDelete={canDelete} />
        )}
      </section>
    </div>
  );
}

/** Another content is another file, even where the path is the same. */
function viewKeyOf(shown: Shown): string {
  return "file" in shown ? `${shown.path} ${shown.file.sha256}` : shown.path;
}

function ShownView({
  home,
  shown,
  canDelete,
}: Pick<FilesProps, "home" | "canDelete"> & { shown: Shown }): JSX.Element {
  if ("series" in shown) return <ImageSeriesView home={home} series={shown.series} />;
  return (
    <>
      <FileHead home={home} file={shown.file} canDelete={canDelete} />
      <FilePreview home={home} file={shown.file} />
    </>
  );
}
