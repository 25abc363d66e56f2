/** Makes stores known that core does not bring. They are loaded when a URL asks for one: most never do. */
export async function loadDriver(url: string): Promise<void> {
  if (isPostgres(url)) await import("@rivulet/postgres");
}

/** Whether the URL is that of a PostgreSQL database. */
export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:/.test(url);
}
