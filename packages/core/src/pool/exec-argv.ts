const dropped =
  /^--(inspect|eval|print|check|interactive|test|watch|prof|cpu-prof|heap-prof|run|env-file|input-type|debug|stack-trace-limit)\b|^-[epci]$/;
const withValue = /^(--eval|--print|-e|-p|-pe)$/;

/** The flags of this process that its children need too: loaders, source maps, conditions; no debugger, no script. */
export function inheritedExecArgv(execArgv: readonly string[], memoryLimit: number | undefined): string[] {
  const kept: string[] = [];
  for (let i = 0; i < execArgv.length; i += 1) {
    const flag = execArgv[i]!;
    if (withValue.test(flag)) i += 1;
    else if (!dropped.test(flag) && !(memoryLimit !== undefined && /max[-_]old[-_]space/.test(flag)))
      kept.push(flag);
  }
  return memoryLimit === undefined ? kept : [...kept, `--max-old-space-size=${memoryLimit}`];
}
