export { AnnotateDialog } from "./annotate-dialog.tsx";
export { DatasetDialog } from "./dataset-dialog.tsx";
export { DeleteDialog } from "./delete-dialog.tsx";
export { TagsDialog } from "./tags-dialog.tsx";
