/** What a user of a plain pool writes by hand: the work of one chunk. */
export default function echo(items: readonly unknown[]): unknown[] {
  return items.map((item) => item);
}
