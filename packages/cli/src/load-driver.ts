/** Registers drivers that are not part of core. They are loaded only when a URL needs one. */
export async function loadDriver(url: string): Promise<void> {
  if (isPostgres(url)) await import("@rivulet/postgres");
}

/** Whether the URL is that of a PostgreSQL database. */
export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:/.test(url);
}
