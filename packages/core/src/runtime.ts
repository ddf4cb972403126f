/** The oldest Node.js that this package runs on. */
const OLDEST = [20, 19] as const;

/** Why this package cannot run here, in one sentence; undefined where it can. */
export function runtimeRefusal(versions: NodeJS.ProcessVersions): string | undefined {
  if (versions['bun'] !== undefined) {
    return `@forkfold/core does not run on Bun (this is ${versions['bun']}), which lacks the serializer of V8: run the program with Node.js ${OLDEST.join('.')} or later, or with Deno`;
  }
  const [major = 0, minor = 0] = versions.node.split('.').map(Number);
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return undefined;
  return `@forkfold/core needs Node.js ${OLDEST.join('.')} or later, and this is ${versions.node}`;
}
