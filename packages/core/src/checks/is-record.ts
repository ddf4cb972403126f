/** Whether a value is an object that is nothing in particular: no array, Map, RegExp or the like. */
export function isRecord(value: unknown): boolean {
  return Object.prototype.toString.call(value) === '[object Object]';
}
