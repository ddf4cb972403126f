/** The flags in NODE_OPTIONS, as Node.js reads them: parted by spaces, with double quotes and backslashes in them. */
export function flagsIn(nodeOptions: string): string[] {
  return (nodeOptions.match(/(?:[^ "]|"(?:\\.|[^"\\])*")+/g) ?? []).map((flag) =>
    flag.replace(/"((?:\\.|[^"\\])*)"/g, (_, quoted: string) => quoted.replace(/\\(.)/g, '$1')),
  );
}

/** NODE_OPTIONS of these flags. */
export function nodeOptionsOf(flags: readonly string[]): string {
  return flags.map((flag) => (/[ "\\]/.test(flag) ? `"${flag.replace(/["\\]/g, '\\$&')}"` : flag)).join(' ');
}
