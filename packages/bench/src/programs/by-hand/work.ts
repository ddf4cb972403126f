/** What the user of a plain pool writes by hand: a module that cuts the work, does it part by part, and puts the parts together. */
export interface WorkByHand<Task, Part> {
  /** In a worker. */
  readonly default: (task: Task) => Part;
  /** How the work is cut, by the arguments of the program. */
  tasks(...args: string[]): Iterable<Task>;
  /** What was found, by the parts in the order of their tasks. */
  verdict(parts: readonly Part[]): string;
}
