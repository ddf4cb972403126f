const DAY = 86_400_000;

/** Milliseconds since 1970, rounded down, for times before it too. */
export function millisOfMicros(micros: bigint): number {
  return divided(micros, 1000);
}

/** As `millisOfMicros`. */
export function millisOfNanos(nanos: bigint): number {
  return divided(nanos, 1_000_000);
}

export function dateOfDays(days: number): number {
  return days * DAY;
}

function divided(units: bigint, by: number): number {
  const number = Number(units);
  if (Number.isSafeInteger(number)) {
    // The remainder is exact, and so is the division of what is left of it.
    const rest = number % by;
    return (number - (rest < 0 ? rest + by : rest)) / by;
  }
  const rest = units % BigInt(by);
  return Number((units - (rest < 0n ? rest + BigInt(by) : rest)) / BigInt(by));
}
