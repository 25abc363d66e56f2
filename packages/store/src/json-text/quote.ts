/** Length from which `JSON.stringify` is faster than a loop. */
const LONG_TEXT = 40;

const SPACE = 0x20;
const QUOTATION_MARK = 0x22;
const BACKSLASH = 0x5c;
const FIRST_SURROGATE = 0xd800;

/** A string as JSON. For short strings without escapes, a loop costs half of `JSON.stringify`. */
export function quote(text: string): string {
  return text.length >= LONG_TEXT || needsEscape(text) ? JSON.stringify(text) : `"${text}"`;
}

/** Whether JSON or UTF-8 cannot represent the string unchanged. Costs a step per character. */
function needsEscape(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit < SPACE || unit === QUOTATION_MARK || unit === BACKSLASH || unit >= FIRST_SURROGATE) {
      return true;
    }
  }
  return false;
}
