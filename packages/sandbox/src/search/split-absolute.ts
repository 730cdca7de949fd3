/** A glob that names a folder first, taken apart: `/w/src/**` is `**` in `/w/src`. */
export function splitAbsolute(glob: string): { readonly folder: string | null; readonly pattern: string } {
  if (!glob.startsWith("/")) return { folder: null, pattern: glob };
  const segments = glob.split("/");
  const special = segments.findIndex((segment) => /[*?[{]/.test(segment));
  const at = special === -1 ? segments.length - 1 : special;
  // "./" holds a name to that folder
  const rest = segments.slice(at);
  return { folder: segments.slice(0, at).join("/") || "/", pattern: `./${rest.join("/")}` };
}
