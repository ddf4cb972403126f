/** What undoes what was done. */
export interface Undo {
  /** Notes a step, which is taken before those that were noted earlier. */
  add(step: () => unknown): void;
  /** Takes all steps, each once, even where one fails. @throws The first error of them, once all are taken. */
  all(): Promise<void>;
}

export function openUndo(): Undo {
  const steps: (() => unknown)[] = [];
  return {
    add: (step) => void steps.push(step),
    async all() {
      const errors: unknown[] = [];
      for (const step of steps.splice(0).reverse()) {
        try {
          await step();
        } catch (error) {
          errors.push(error);
        }
      }
      if (errors.length > 0) throw errors[0];
    },
  };
}
