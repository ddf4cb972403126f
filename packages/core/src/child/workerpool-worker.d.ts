/** What workerpool's face requires in a worker; it has no types of its own. */
declare module 'workerpool/src/worker.js' {
  const worker: { add(methods: Record<string, (...params: never[]) => unknown>): void };
  export default worker;
}
