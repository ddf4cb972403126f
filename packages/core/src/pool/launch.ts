/** How children are started. */
export interface Launch {
  /** The child's program. */
  readonly entry: string;
  readonly execArgv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Where they start, before they go to the directory of this process, if that is another. */
  readonly cwd: string | undefined;
}

/** What a pool of processes can be told. */
export interface ProcessPoolOptions {
  readonly processes: number;
  /** Whether runs come and go, so that a child is worth keeping which one has left. */
  readonly isWarm?: boolean;
  readonly memoryLimit?: number | undefined;
  readonly tasksPerProcess?: number | undefined;
  readonly permissions?: boolean | undefined;
  readonly tmpDir?: string | undefined;
  readonly checkpoint?: string | undefined;
  readonly env?: Record<string, string> | undefined;
  readonly execArgv?: readonly string[] | undefined;
  /** Where this process was when it loaded forkfold. */
  readonly startDirectory?: string | undefined;
  /** @internal For tests. In milliseconds. */
  readonly deadlines?: { readonly boot: number; readonly load: number };
}
