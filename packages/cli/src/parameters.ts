/** A parameter of a function, as its text has it. */
export interface Parameter {
  /** Undefined for a pattern, such as `{ a, b }`, which takes an object. */
  readonly name: string | undefined;
  readonly hasDefault: boolean;
}

/** The parameters of a function in their order, by its text. */
export function parametersOf(fn: (...args: never[]) => unknown): readonly Parameter[] {
  const text = Function.prototype.toString.call(fn);
  const single = /^(?:async\s+)?([\p{ID_Start}$_][\p{ID_Continue}$]*)\s*=>/u.exec(text);
  if (single !== null) return [{ name: single[1], hasDefault: false }];
  return pieces(text.slice(text.indexOf('(') + 1)).map((piece) => ({
    name: /^(?:\.\.\.)?([\p{ID_Start}$_][\p{ID_Continue}$]*)/u.exec(piece)?.[1],
    hasDefault: piece.startsWith('...') || /^(?:[^=]|=>)*=(?!>)/.test(piece),
  }));
}

/** What stands between the commas of a list, up to the bracket that closes it. */
function pieces(text: string): string[] {
  const found: string[] = [];
  let piece = '';
  let depth = 0;
  for (const [token] of text.matchAll(
    /\/\*[^]*?\*\/|\/\/.*|'(?:\\[^]|[^'\\])*'|"(?:\\[^]|[^"\\])*"|`(?:\\[^]|[^`\\])*`|[^]/g,
  )) {
    if (/^\/[/*]/.test(token)) continue;
    if (/^[([{]$/.test(token)) depth += 1;
    if (/^[)\]}]$/.test(token)) depth -= 1;
    if (depth < 0) break;
    if (token === ',' && depth === 0) {
      found.push(piece.trim());
      piece = '';
    } else piece += token;
  }
  return [...found, piece.trim()].filter((one) => one !== '');
}
