import type { Table } from "@rivulet/store/sql";

/** One row per file. */
const files: Table = {
  name: "files",
  columns: { id: "text", size: "integer", written_us: "integer" },
  key: ["id"],
  local: true,
};

/** The bytes of a file, in chunks that fit into every database and message. */
const fileChunks: Table = {
  name: "file_chunks",
  columns: { file_id: "text", position: "integer", bytes: "bytes" },
  key: ["file_id", "position"],
  local: true,
};

/** Where the bytes of files are. */
export const FILE_TABLES: readonly Table[] = [files, fileChunks];
