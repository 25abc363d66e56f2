/**
 * A store's URL without passwords, for messages: neither what stands before the host nor a parameter whose name
 * says that it is one.
 */
export function withoutSecrets(url: string): string {
  return url
    .replace(/\/\/.*@/s, "//***@")
    .replace(/([^=?&;#\s]*(?:password|passwd|pwd|secret|token)[^=?&;#\s]*=)[^&;#\s]*/gi, "$1***");
}
