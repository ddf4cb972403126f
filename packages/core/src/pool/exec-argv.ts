const dropped =
  /^--(inspect|eval|print|check|interactive|test|watch|prof|cpu-prof|heap-prof|run|env-file|input-type|debug|stack-trace-limit)\b|^-(e|p|pe|c|i)$/;
/** What follows these is code, which may begin with a dash. */
const withCode = /^(--eval|--print|-e|-p|-pe)$/;

/** The flags of this process that its children need too: loaders, source maps, conditions; no debugger, no script. */
export function inheritedExecArgv(execArgv: readonly string[], memoryLimit: number | undefined): string[] {
  const kept: string[] = [];
  for (let i = 0; i < execArgv.length; i += 1) {
    const flag = execArgv[i]!;
    const isHeap = memoryLimit !== undefined && /max[-_]old[-_]space/.test(flag);
    if (!dropped.test(flag) && !isHeap) {
      kept.push(flag);
      continue;
    }
    // The flag's value goes with it; node would take it for the script.
    const next = execArgv[i + 1];
    if (withCode.test(flag) || (!flag.includes('=') && next !== undefined && !next.startsWith('-'))) i += 1;
  }
  return memoryLimit === undefined ? kept : [...kept, `--max-old-space-size=${memoryLimit}`];
}
