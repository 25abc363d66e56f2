/** The language that numbers and times are written in: the browser's. */
export const LOCALE: string = navigator.language;
