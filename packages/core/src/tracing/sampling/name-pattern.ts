/**
 * Makes a test of names against a pattern, in which `*` stands for any text. Each name is gone through once, whatever the
 * pattern: users may choose names.
 */
export function createNamePattern(pattern: string): (name: string) => boolean {
  const [head = "", ...parts] = pattern.split("*");
  const tail = parts.pop();
  if (tail === undefined) return (name) => name === pattern;
  return (name) => {
    if (!name.startsWith(head)) return false;
    let end = head.length;
    for (const part of parts) {
      const start = name.indexOf(part, end);
      if (start === -1) return false;
      end = start + part.length;
    }
    return name.endsWith(tail) && name.length - tail.length >= end;
  };
}
