/**
 * Where all is in the kernel's memory, which does not grow, so that views of it stay what they are. From its beginning on: what the
 * compiler puts there, steps, tables, new texts, where rows start, columns, the window that holds lines, and the places of tables.
 */

/** So many rows are taken at once, at most. */
export const MOST_ROWS: u32 = 1024;
export const MOST_COLUMNS: u32 = 32;
/** Fields to read, and those to skip between them. */
const MOST_STEPS: u32 = 2 * MOST_COLUMNS + 1;
/** What is done with a field, with which column, and with which table or so many fields. */
export const STEP_BYTES: u32 = 12;
/** What the compiler puts there has a few hundred bytes. */
export const STEPS: u32 = 4096;
/** Where the places of a column's table are, how many bits number them, how many texts it holds, and the column. */
export const TABLE_BYTES: u32 = 16;
export const TABLES: u32 = STEPS + MOST_STEPS * STEP_BYTES;
/** A text that is new: its column, where it begins, and how long it is. */
export const NEW_BYTES: u32 = 12;
export const MOST_NEW: u32 = 1024;
export const NEW_TEXTS: u32 = TABLES + MOST_COLUMNS * TABLE_BYTES;
export const STARTS: u32 = NEW_TEXTS + MOST_NEW * NEW_BYTES;
/** For each column: values, where fields begin that are left to others, and the lengths of slices. */
export const COLUMNS: u32 = (STARTS + 4 * MOST_ROWS + 63) & ~63;
export const COLUMN_BYTES: u32 = 16 * MOST_ROWS;
export const PLACES: u32 = 8 * MOST_ROWS;
export const LENGTHS: u32 = 12 * MOST_ROWS;
export const WINDOW: u32 = COLUMNS + MOST_COLUMNS * COLUMN_BYTES;
export const WINDOW_BYTES: u32 = 512 * 1024;
/** From here on to the end of the memory there are places. */
export const HEAP: u32 = WINDOW + WINDOW_BYTES;
