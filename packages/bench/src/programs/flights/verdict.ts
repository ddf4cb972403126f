/** What is known of an airport. */
export interface Airport {
  readonly flights: number;
  /** Their mean delay in minutes. */
  readonly delay: number;
  /** The longest way in miles. */
  readonly farthest: number;
}

/** What was found, in short. */
export function verdict(airports: Iterable<readonly [string, Airport]>): string {
  let [count, flights, minutes, miles] = [0, 0, 0, 0];
  for (const [, airport] of airports) {
    count += 1;
    flights += airport.flights;
    minutes += Math.round(airport.flights * airport.delay);
    miles += airport.farthest;
  }
  return `${count} airports, ${flights} flights, ${minutes} minutes, ${miles} miles`;
}
