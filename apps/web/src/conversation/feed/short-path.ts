/** Paths in the workspace are told from there. */
export function shortPath(path: string): string {
  return path.startsWith("/workspace/") ? path.slice("/workspace/".length) : path;
}
