/** The script of the page, with the library that draws, as one text. Made by the build of what lies in `client`. */
export const script: string;
/** The style of the page. */
export const style: string;
