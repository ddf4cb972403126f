/** How children are started. */
export interface Launch {
  /** The child's program. */
  readonly entry: string;
  readonly execArgv: readonly string[];
  readonly env: NodeJS.ProcessEnv;
}

/** What a pool of processes can be told. */
export interface ProcessPoolOptions {
  readonly processes: number;
  readonly memoryLimit?: number | undefined;
  readonly tasksPerProcess?: number | undefined;
  readonly permissions?: boolean | undefined;
  readonly tmpDir?: string | undefined;
  readonly checkpoint?: string | undefined;
  readonly env?: Record<string, string> | undefined;
  readonly execArgv?: readonly string[] | undefined;
  /** @internal For tests. In milliseconds. */
  readonly deadlines?: { readonly boot: number; readonly load: number };
}
