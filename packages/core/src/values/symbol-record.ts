/** A symbol as data: registered (`Symbol.for`), well-known (`Symbol.iterator`), or fresh with the same description. */
export type SymbolRecord = readonly [how: 'for' | 'known' | 'fresh', text: string | undefined];

export function toSymbolRecord(symbol: symbol): SymbolRecord {
  const registered = Symbol.keyFor(symbol);
  if (registered !== undefined) return ['for', registered];
  const name = symbol.description?.replace(/^Symbol\./, '');
  if (name !== undefined && wellKnown(name) === symbol) return ['known', name];
  return ['fresh', symbol.description];
}

export function fromSymbolRecord([how, text]: SymbolRecord): symbol {
  if (how === 'for') return Symbol.for(text ?? '');
  return (how === 'known' ? wellKnown(text ?? '') : undefined) ?? Symbol(text);
}

function wellKnown(name: string): symbol | undefined {
  const symbol = (Symbol as unknown as Record<string, unknown>)[name];
  return typeof symbol === 'symbol' ? symbol : undefined;
}
