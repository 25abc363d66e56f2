/**
 * A store's URL without secrets, for messages: credentials before the host are masked, and parameters whose name looks
 * like that of a secret.
 */
export function withoutSecrets(url: string): string {
  return url
    .replace(/\/\/.*@/s, "//***@")
    .replace(/([^=?&;#\s]*(?:password|passwd|pwd|secret|token)[^=?&;#\s]*=)[^&;#\s]*/gi, "$1***");
}
