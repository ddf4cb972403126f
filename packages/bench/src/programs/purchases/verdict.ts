/** What was found, in short: equal for equal sums by user. */
export function verdict(cents: Iterable<readonly [string, number]>): string {
  let [users, total, most, first] = [0, 0, 0, ''];
  for (const [user, sum] of cents) {
    users += 1;
    total += sum;
    if (sum < most || (sum === most && user > first)) continue;
    most = sum;
    first = user;
  }
  return `${users} users, ${total} cents, most of them ${most} by ${first}`;
}
